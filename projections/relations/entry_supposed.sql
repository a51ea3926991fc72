-- Every entry as a question supposes them: without the events left out, and with some more. It
-- stands for `entry` there.
-- Grain: one row an entry (log, log_offset). Rules: I1, I2.
-- not materialized
select *
from entry_held
where
    not exists (
        select 1
        from left_out
        where left_out.event_id = entry_held.event_id and left_out.source = entry_held.source
    )
union all by name
select * from entry_more
