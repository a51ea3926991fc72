-- Every stretch in which a probe or counter measured nothing on a service.
-- Grain: one row a `gap_started` (log, log_offset). Rules: S6.20.
with step as (
    select
        subject as source, service, effective_at, log, log_offset,
        type = 'sla.probe.gap_started.v1' as starts,
        lead(effective_at) over (
            partition by subject, service
            order by effective_at, recorded_at, topic, log_partition, log_offset
        ) as end_at
    from fact
    where type in ('sla.probe.gap_started.v1', 'sla.probe.gap_ended.v1')
)

select source, service, effective_at as start_at, end_at, log, log_offset
from step
where starts
order by service, start_at, log, log_offset
