-- The mergers of tickets that are seen, whether they apply or not.
-- Grain: one row an entry. Rules: S5.2.
-- not materialized
select subject, into_ticket from seen where type = 'sla.ticket.merged.v1'
