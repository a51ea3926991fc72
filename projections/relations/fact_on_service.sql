-- The facts that uptime rests on, for the services wanted alone: incidents that ever hit one of
-- them, whole; their probes, counters and gaps; maintenances announced for one of them, whole.
-- Grain: one row an event (log, log_offset). Rules: S3.54, S6.1.
with touched as (
    select subject
    from fact
    where
        type = 'sla.incident.impact_started.v1'
        and service in (select wanted_service.service from wanted_service)
),

announced as (
    select subject
    from fact
    where
        type = 'sla.maintenance.announced.v1'
        and list_has_any(
            services, (select list(wanted_service.service) from wanted_service)
        )
)

select * exclude (data)
from fact
where
    (
        type in (
            'sla.probe.failed.v1', 'sla.probe.recovered.v1', 'sla.probe.gap_started.v1',
            'sla.probe.gap_ended.v1', 'sla.probe.counted.v1'
        )
        and service in (select wanted_service.service from wanted_service)
    )
    or (starts_with(type, 'sla.incident.') and subject in (select touched.subject from touched))
    or (
        starts_with(type, 'sla.maintenance.')
        and subject in (select announced.subject from announced)
    )
