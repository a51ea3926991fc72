-- The events of a mirror that every customer's questions look at.
-- Grain: one row a valid entry (log, log_offset). Rules: L5.
select * from mirrored where key is null order by log, log_offset
