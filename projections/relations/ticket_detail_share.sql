-- The words of one share of what happens to tickets, in the order of `ticket_step_share`.
-- Grain: one row an event about a ticket that has a word or names a customer. Rules: S2.10, S5.71.
select ticket, customer, subscription, channel, tags, due_at, word
from ticket_step
where
    (word is not null or customer is not null)
    and hash(ticket) % $shares::ubigint = $share::ubigint
    and ticket not in (select ticket from merging_ticket)
order by ticket, effective_at, recorded_at, topic, log_partition, log_offset
