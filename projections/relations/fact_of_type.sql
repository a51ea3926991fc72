-- The facts of the types wanted, with all that they say.
-- Grain: one row an event (log, log_offset). Rules: S2.4, S2.10.
select
    type, subject, source, event_id, effective_at, recorded_at, topic, log_partition, log_offset,
    log, customer, data
from fact
where type in (select wanted_type.type from wanted_type)
