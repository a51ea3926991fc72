-- The corrections and retractions that are held, whenever they were recorded.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.20, E7.
select
    source, event_id, topic, log_partition, log, log_offset, recorded_at, customer, corrects, type,
    subject, case when type = 'sla.event.retracted.v1' then data end as data
from entry
where rejected is null and (corrects is not null or type = 'sla.event.retracted.v1')
