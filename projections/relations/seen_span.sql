-- The greatest recorded time among the entries seen, and whether an archive has one among them.
-- Grain: one row. Rules: S2.2, S2.8, I2.
select
    max(recorded_at)::bigint as last_recorded_at,
    coalesce(bool_or(starts_with(log, 'archive-')), false) as declared
from entry
where recorded_at <= $known_at::bigint
