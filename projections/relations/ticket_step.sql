-- What happens to tickets, as the fold of clocks reads it: each event with its symbol (the numbers
-- of projections/clocks/transitions.py), the one word that its type has, and its place.
-- Grain: one row an event about a ticket (log, log_offset). Rules: S5.1, S5.5, S5.10 to S5.21.
select
    subject as ticket, effective_at, recorded_at, topic, log_partition, log_offset, log, event_id,
    customer, subscription, channel, tags, due_at,
    case type
        when 'sla.ticket.due_agreed.v1' then clock
        when 'sla.ticket.merged.v1' then into_ticket
        else severity
    end as word,
    case type
        when 'sla.ticket.message.v1' then
            case author when 'customer' then 0 when 'agent' then 10 else 20 end
            + case when coalesce(public, true) then 5 else 0 end
            + case content
                when 'solution' then 0 when 'question' then 1 when 'update' then 2
                when 'acknowledgement' then 3 else 4
            end
        when 'sla.ticket.paused.v1' then 30 + case reason
            when 'awaiting_customer' then 0 when 'awaiting_third_party' then 1
            when 'customer_duty_unmet' then 2 else 3
        end
        when 'sla.ticket.resumed.v1' then 34 + case reason
            when 'awaiting_customer' then 0 when 'awaiting_third_party' then 1
            when 'customer_duty_unmet' then 2 else 3
        end
        when 'sla.ticket.opened.v1' then
            38 + case when kind = 'meeting' then 3 else 0 end
            + case opened_by when 'agent' then 1 when 'automation' then 2 else 0 end
        when 'sla.ticket.classified.v1' then 44
        when 'sla.ticket.due_agreed.v1' then 45
        when 'sla.ticket.resolved.v1' then 46
        when 'sla.ticket.resolution_confirmed.v1' then 47
        when 'sla.ticket.resolution_refused.v1' then 48
        when 'sla.ticket.closed.v1' then 49
        when 'sla.ticket.reopened.v1' then 50
        when 'sla.ticket.merged.v1' then 51
        when 'sla.ticket.slot_offered.v1' then 52
        when 'sla.ticket.slot_held.v1' then 53
    end::utinyint as symbol
from fact
where starts_with(type, 'sla.ticket.')
