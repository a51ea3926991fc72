-- From when on a probe of a service is a customer's own: the first event that names the customer.
-- Grain: one row a probe, service and customer. Rules: S6.15.
select subject as probe, service, customer, min(effective_at) as own_from
from fact
where type in ('sla.probe.failed.v1', 'sla.probe.recovered.v1') and customer is not null
group by all
