-- The tickets that a customer's clocks rest on: opened by the customer, or merged into such one.
-- Grain: one row a ticket. Rules: S5.1, S5.2.
with recursive mine as (
    select subject as ticket
    from seen
    where type = 'sla.ticket.opened.v1' and customer = $customer::varchar
    union
    select merged.subject as ticket
    from mine inner join merge_seen as merged on merged.into_ticket = mine.ticket
)

select ticket from mine
