-- The tickets of which anything is said.
-- Grain: one row a ticket. Rules: S5.1.
select distinct subject as ticket
from entry_unkeyed
where starts_with(type, 'sla.ticket.') and rejected is null
