-- One share of what happens to tickets, whole tickets each, in the order of facts, by few columns:
-- `detailed` says that `ticket_detail_share` has a row for it. Those that mergers touch are apart.
-- Grain: one row an event about a ticket. Rules: S2.10, S5.71.
select
    ticket, effective_at, symbol, word is not null or customer is not null as detailed
from ticket_step
where
    hash(ticket) % $shares::ubigint = $share::ubigint
    and ticket not in (select ticket from merging_ticket)
order by ticket, effective_at, recorded_at, topic, log_partition, log_offset
