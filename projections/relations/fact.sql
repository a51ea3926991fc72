-- The events that apply at `at`. Facts apply in the order effective_at, recorded_at, topic,
-- log_partition, log_offset.
-- Grain: one row an event (log, log_offset). Rules: S2.1, S2.4, S2.10, S2.22, L3.
select *
from known
where
    effective_at <= $at::bigint
    and type not in ('sla.heartbeat.v1', 'sla.event.retracted.v1')
