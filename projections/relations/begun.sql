-- What somebody opened, submitted, announced, added or proposed.
-- Grain: one row a family of types and subject. Rules: E6.
select distinct split_part(type, '.', 2) as family, subject
from fact
where
    type in (
        'sla.ticket.opened.v1', 'sla.claim.submitted.v1', 'sla.dispute.opened.v1',
        'sla.maintenance.announced.v1', 'sla.resource.added.v1', 'sla.credit.proposed.v1',
        'sla.credit.granted.v1'
    )
