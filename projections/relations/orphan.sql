-- What nobody opened, submitted, announced, added or proposed, with the first event about it. A
-- notice before its claim is none.
-- Grain: one row a family of types and subject. Rules: E6, I8.
with about as (
    select
        split_part(type, '.', 2) as family, subject, event_id, customer, log, log_offset,
        row_number() over (
            partition by split_part(type, '.', 2), subject
            order by effective_at, recorded_at, topic, log_partition, log_offset
        ) as place
    from fact
    where
        split_part(type, '.', 2)
        in ('ticket', 'claim', 'dispute', 'maintenance', 'resource', 'credit')
        and type != 'sla.claim.notified.v1'
        and not exists (
            select 1
            from begun
            where begun.subject = fact.subject and begun.family = split_part(fact.type, '.', 2)
        )
)

select family, subject, event_id, customer, log, log_offset
from about
where place = 1
