-- One share of what happens to tickets, whole tickets each, in the order of facts: share 0 is that
-- of the tickets that mergers touch, the others share the rest. The places of entries are left out.
-- Grain: one row an event about a ticket. Rules: S2.10, S5.71.
select
    ticket, effective_at, recorded_at, topic, log_partition, log_offset, customer, subscription,
    channel, tags, due_at, word, symbol
from ticket_step
where
    case
        when ticket in (select ticket from merging_ticket) then 0
        else 1 + (hash(ticket) % greatest($shares::bigint - 1, 1)::ubigint)::bigint
    end = $share::bigint
order by ticket, effective_at, recorded_at, topic, log_partition, log_offset
