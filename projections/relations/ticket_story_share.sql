-- One share of the stories of tickets, whole tickets each, in the order of facts. Those that
-- mergers touch are apart.
-- Grain: one row an event about a ticket. Rules: S2.10, S5.71.
select *
from ticket_story
where
    hash(ticket) % $shares::ubigint = $share::ubigint
    and ticket not in (select ticket from merging_ticket)
order by ticket, effective_at, recorded_at, topic, log_partition, log_offset
