-- Every counted window of a service, per counter and customer (none: everybody's).
-- Grain: one row a `counted` (log, log_offset). Rules: S6.16.
select
    subject as counter, service, customer, from_at, to_at, total, failed, log, log_offset
from fact
where type = 'sla.probe.counted.v1'
order by service, from_at, log, log_offset
