-- From when on a counter of a service is a customer's own: the `from` of the first own window.
-- Grain: one row a counter, service and customer. Rules: S6.17.
select
    subject as counter, service, customer,
    arg_min(from_at, row(effective_at, recorded_at, topic, log_partition, log_offset)) as own_from
from fact
where type = 'sla.probe.counted.v1' and customer is not null
group by all
