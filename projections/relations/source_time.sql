-- When what a source has published to a topic happened; what was taken out counts, repeats once.
-- Grain: one row an identity of that source on that topic. Rules: E8.
select seen.effective_at
from seen
inner join wanted_source
    on seen.source = wanted_source.source and seen.topic = wanted_source.topic
where
    seen.type not in ('sla.source.counted.v1', 'sla.heartbeat.v1')
    and not exists (
        select 1
        from repeated
        where repeated.log_offset = seen.log_offset and repeated.log = seen.log
    )
