-- Every event with the one customer whose questions need it; null: everybody's do. A ticket's
-- events are needed by who opened it, a probe's by the customer it watches for; what replaces or
-- takes back others decides about them, so all look at it.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.20, S3.54, S5.1, S5.2, S6.1.
-- not materialized
select
    entry_unkeyed.*,
    case
        when corrects is not null or type = 'sla.event.retracted.v1' then null
        when starts_with(type, 'sla.ticket.') then ticket_key.key
        when starts_with(type, 'sla.probe.') then entry_unkeyed.customer
    end as key
from entry_unkeyed left join ticket_key on ticket_key.ticket = entry_unkeyed.subject
where rejected is null
