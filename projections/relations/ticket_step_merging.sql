-- What happens to the tickets that mergers touch.
-- Grain: one row an event about a ticket. Rules: S5.71.
select * from ticket_step where ticket in (select ticket from merging_ticket)
