-- Tickets that go into others or that others go into; they are worked out together.
-- Grain: one row a ticket. Rules: S5.2, S5.71.
with merger as (
    select subject, into_ticket from fact where type = 'sla.ticket.merged.v1'
)

select subject as ticket from merger
union
select into_ticket from merger
