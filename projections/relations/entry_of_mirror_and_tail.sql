-- The events that a question for one customer needs: what a mirror keeps, and what came behind it.
-- It stands for `entry` there.
-- Grain: one row a valid entry (log, log_offset). Rules: L5.
-- not materialized
select * from entry_of_mirror
union all by name
select * exclude (key)
from keyed
where
    key is null
    or key = $customer::varchar
    or identity_hi in (select pulled.identity_hi from pulled)
