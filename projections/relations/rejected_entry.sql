-- Entries that are no event, with the code of why and the place in the message.
-- Grain: one row a rejected entry (log, log_offset). Rules: E5, I8.
select log, log_offset, rejected, rejected_at
from entry
where recorded_at <= $known_at::bigint and rejected is not null
