-- Every stretch of an impact with the cause of its incident where at most one was ever assigned;
-- `paints` counts the assignments, several are painted one over the other in Python (painting).
-- Grain: one row an `impact_started` (log, log_offset). Rules: S6.10, S7.25.
select
    incident, service, impact, share_e12, customers, start_at, end_at, paints, cause, party,
    paint_from, paint_to, paint_service
from incident_shape
where plain
union all by name
select
    walked.incident, walked.service, walked.impact, walked.share_e12, walked.customers,
    walked.start_at, walked.end_at, shape.paints,
    case when shape.paints = 1 then shape.cause end as cause,
    case when shape.paints = 1 then shape.party end as party,
    shape.paint_from, shape.paint_to, shape.paint_service
from impact_walked as walked
inner join incident_shape as shape on shape.incident = walked.incident
