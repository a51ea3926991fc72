-- Every stretch of a probe's failure with one marker, per service and customer (none: everybody's).
-- Grain: one row a `failed` (log, log_offset). Rules: S6.14.
with step as (
    select
        subject as probe, service, customer, marker, effective_at, log, log_offset,
        type = 'sla.probe.failed.v1' as starts,
        lead(effective_at) over (
            partition by subject, service, customer
            order by effective_at, recorded_at, topic, log_partition, log_offset
        ) as end_at
    from fact
    where type in ('sla.probe.failed.v1', 'sla.probe.recovered.v1')
)

select
    probe, service, customer, coalesce(marker, 'own') as marker, effective_at as start_at, end_at,
    log, log_offset
from step
where starts
order by service, start_at, log, log_offset
