-- Where the events stand that corrections and retractions may point at, by one half of their
-- identity. Numbers only: what is asked is who they are, and that is known.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.20, S2.26, E7.
select identity_hi, identity_lo, topic, log_partition, log, log_offset, recorded_at
from entry
where identity_hi in (select wanted_half.identity_hi from wanted_half)
