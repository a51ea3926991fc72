-- The events recorded at or before `known_at`, repeats and what is void among them.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.1, E5.
-- not materialized
select * from entry where recorded_at <= $known_at::bigint and rejected is null
