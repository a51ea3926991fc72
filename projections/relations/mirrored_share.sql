-- The other events of a mirror, of one share of the customers.
-- Grain: one row a valid entry (log, log_offset). Rules: L5.
select *
from mirrored
where key is not null and hash(key) % $shares::ubigint = $share::ubigint
order by key, log, log_offset
