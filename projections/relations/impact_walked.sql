-- Every stretch of an impact of the incidents that are not plain: from `impact_started` to whatever
-- comes first of the next `impact_started` or `impact_ended` there and the incident's `resolved`.
-- Grain: one row an `impact_started` (log, log_offset). Rules: S6.10, S6.13.
with step as (
    select
        subject as incident, service, type, impact, share_e12, customers, effective_at, log,
        log_offset,
        row_number() over (
            partition by subject
            order by effective_at, recorded_at, topic, log_partition, log_offset
        ) as place
    from fact
    where
        type in (
            'sla.incident.impact_started.v1', 'sla.incident.impact_ended.v1',
            'sla.incident.resolved.v1'
        )
        and subject in (select incident_shape.incident from incident_shape where not plain)
),

followed as (
    select
        step.* exclude (type),
        type = 'sla.incident.impact_started.v1' as starts,
        lead(effective_at) over (partition by incident, service order by place) as own_end,
        min(case when type = 'sla.incident.resolved.v1' then effective_at end) over (
            partition by incident order by place rows between 1 following and unbounded following
        ) as resolved_at
    from step
)

select
    incident, service, impact, coalesce(share_e12, 1000000000000) as share_e12,
    to_json(list_sort(list_distinct(customers)))::varchar as customers,
    effective_at as start_at, least(own_end, resolved_at) as end_at, log, log_offset
from followed
where starts
