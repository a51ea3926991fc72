-- Who opened a ticket, the first and the last of them by name: the same where it is one.
-- Grain: one row a ticket. Rules: S5.1.
select subject as ticket, min(customer) as first_name, max(customer) as last_name
from entry_unkeyed
where type = 'sla.ticket.opened.v1' and rejected is null
group by subject
