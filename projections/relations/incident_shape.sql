-- Every incident with an impact, in one pass: what its only impact is where it is `plain`, that is
-- where there is one `impact_started`, every end lies behind it and is meant for its service, and
-- at most one cause was assigned. All others are walked event by event (impact_walked, painting).
-- Grain: one row an incident. Rules: S6.10, S7.25.
with step as (
    select
        subject as incident, service, impact, share_e12, customers, effective_at, log, log_offset,
        cause, party, from_at, to_at,
        type = 'sla.incident.impact_started.v1' as starts,
        type in ('sla.incident.impact_ended.v1', 'sla.incident.resolved.v1') as stops,
        type = 'sla.incident.cause_assigned.v1' as paints
    from fact
    where
        type in (
            'sla.incident.impact_started.v1', 'sla.incident.impact_ended.v1',
            'sla.incident.resolved.v1', 'sla.incident.cause_assigned.v1'
        )
),

gathered as (
    select
        incident,
        count(*) filter (starts) as begun,
        count(*) filter (paints) as paints,
        min(service) filter (starts) as service,
        min(impact) filter (starts) as impact,
        coalesce(min(share_e12) filter (starts), 1000000000000) as share_e12,
        any_value(customers) filter (starts) as customers,
        min(effective_at) filter (starts) as start_at,
        min(effective_at) filter (stops) as end_at,
        min(service) filter (stops) as first_stopped,
        max(service) filter (stops) as last_stopped,
        min(log) filter (starts) as log,
        min(log_offset) filter (starts) as log_offset,
        min(cause) filter (paints) as cause,
        min(party) filter (paints) as party,
        min(from_at) filter (paints) as paint_from,
        min(to_at) filter (paints) as paint_to,
        min(service) filter (paints) as paint_service
    from step
    group by incident
)

select
    gathered.* exclude (customers, first_stopped, last_stopped),
    to_json(list_sort(list_distinct(customers)))::varchar as customers,
    begun = 1 and paints <= 1 and coalesce(end_at > start_at, true)
    and coalesce(first_stopped = service and last_stopped = service, true) as plain
from gathered
where begun > 0
