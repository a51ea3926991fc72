-- The stories of the tickets that mergers touch.
-- Grain: one row an event about a ticket. Rules: S5.71.
select * from ticket_story where ticket in (select ticket from merging_ticket)
