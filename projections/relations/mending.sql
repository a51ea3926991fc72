-- The corrections and retractions that are held, whenever they were recorded. Two halves, since
-- each alone is found in the statistics of the files.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.20, E7.
select
    source, event_id, topic, log_partition, log, log_offset, recorded_at, customer, corrects, type,
    subject, case when type = 'sla.event.retracted.v1' then data end as data
from entry
where corrects is not null and rejected is null
union all
select
    source, event_id, topic, log_partition, log, log_offset, recorded_at, customer, corrects, type,
    subject, data
from entry
where type = 'sla.event.retracted.v1' and corrects is null and rejected is null
