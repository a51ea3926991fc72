-- The events whose identity may have come twice, by one half of it.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.15, S2.16.
select
    source, event_id, topic, log_partition, log, log_offset, recorded_at, customer, identity_hi,
    identity_lo, content_hi, content_lo
from entry
where rejected is null and identity_hi in (select suspect.identity_hi from suspect)
