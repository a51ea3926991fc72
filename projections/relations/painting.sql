-- Every cause assigned to an incident that is not plain, with its rank among those of that incident.
-- Grain: one row a `cause_assigned` (log, log_offset). Rules: S7.25.
select
    subject as incident, service, cause, party, from_at, to_at, log, log_offset,
    row_number() over (
        partition by subject order by effective_at, recorded_at, topic, log_partition, log_offset
    ) as place
from fact
where
    type = 'sla.incident.cause_assigned.v1'
    and subject in (select incident_shape.incident from incident_shape where not plain)
