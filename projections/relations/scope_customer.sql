-- The events that a question for one customer looks at; it stands for `scope` there. Of tickets
-- only those that the customer opened or that were merged into them, whole: who opened a ticket
-- first decides whose it is. All else is kept that names this customer or none, and everything
-- that was agreed, since a subscription may change hands.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.1, S3.54, S5.1, S5.2.
-- not materialized
select *
from seen
where
    case
        when starts_with(type, 'sla.ticket.')
            then subject in (select ticket_in_scope.ticket from ticket_in_scope)
        when starts_with(type, 'sla.probe.')
            then customer is null or customer = $customer::varchar
        else true
    end
