-- Every stretch of an incident's impact on a service.
-- Grain: one row an `impact_started` (log, log_offset). Rules: S6.10, S6.13.
select incident, service, impact, share_e12, customers, start_at, end_at, log, log_offset
from incident_shape
where plain
union all by name
select * from impact_walked
