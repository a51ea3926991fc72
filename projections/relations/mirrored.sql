-- The events as a mirror keeps them: those whose identity comes under several customers, or that a
-- correction or retraction points at, are everybody's.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.15, S2.20, S2.26.
-- not materialized
select
    keyed.* exclude (key),
    case when identity_hi in (select shared.identity_hi from shared) then null else key end as key
from keyed
