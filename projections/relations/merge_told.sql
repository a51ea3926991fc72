-- The mergers of tickets that are held, whenever they were recorded.
-- Grain: one row an entry. Rules: S5.2.
select distinct subject as ticket, into_ticket
from entry_unkeyed
where type = 'sla.ticket.merged.v1' and rejected is null
