-- The events that corrections and retractions point at.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.20, S2.26, E7.
select
    entry.source, entry.event_id, entry.topic, entry.log_partition, entry.log, entry.log_offset,
    entry.recorded_at, entry.customer, entry.corrects, entry.type, entry.subject,
    case when entry.type = 'sla.event.retracted.v1' then entry.data end as data
from entry
inner join wanted_identity
    on
        entry.identity_hi = wanted_identity.identity_hi
        and entry.identity_lo = wanted_identity.identity_lo
where entry.rejected is null
