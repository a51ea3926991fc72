-- Logs with entries whose broker's time was not used, why, how many, and the first of them.
-- Grain: one row a log and reason. Rules: E3, I8.
select log, broker_time, count(*)::bigint as entries, min(log_offset)::bigint as log_offset
from entry
where recorded_at <= $known_at::bigint and broker_time is not null
group by log, broker_time
