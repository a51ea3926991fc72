-- What happens to tickets, by the columns that clocks are worked out from. The others of
-- `ticket_step` are for problems alone, and ids cost more to read than all the rest.
-- Grain: one row an event about a ticket. Rules: S5.1, S5.5.
select
    ticket, effective_at, recorded_at, topic, log_partition, log_offset, customer, subscription,
    channel, tags, due_at, word, symbol
from ticket_step
