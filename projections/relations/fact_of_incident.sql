-- The facts of the incidents wanted.
-- Grain: one row an event (log, log_offset). Rules: S8.79.
select * exclude (data)
from fact
where
    starts_with(type, 'sla.incident.')
    and subject in (select wanted_incident.incident from wanted_incident)
