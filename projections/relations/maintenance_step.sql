-- Every announcement, reschedule and cancellation of a maintenance, with its place among them.
-- Grain: one row an event (log, log_offset). Rules: S7.10 to S7.17.
select
    subject as maintenance, split_part(type, '.', 3) as step,
    to_json(list_sort(list_distinct(services)))::varchar as services, window_from, window_to,
    maintenance_kind as kind, channel,
    to_json(list_sort(list_distinct(customers)))::varchar as customers,
    reason is not null as has_reason, effective_at, log, log_offset,
    row_number() over (
        partition by subject order by effective_at, recorded_at, topic, log_partition, log_offset
    ) as place,
    count(*) over (partition by subject) as steps
from fact
where
    type in (
        'sla.maintenance.announced.v1', 'sla.maintenance.rescheduled.v1',
        'sla.maintenance.cancelled.v1'
    )

