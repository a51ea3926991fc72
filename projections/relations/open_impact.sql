-- Impacts that are open at `at` though nothing was said of their incident for 24 hours.
-- Grain: one row an open `impact_started` (log, log_offset). Rules: S6.13, I8.
with told as (
    select subject as incident, max(effective_at) as told_at
    from fact
    where starts_with(type, 'sla.incident.')
    group by all
)

select impact.*
from impact
inner join told on told.incident = impact.incident
where impact.end_at is null and told.told_at < $quiet_since::bigint
