-- The events that a question for one customer needs, as a mirror keeps them. It stands for `entry`
-- there, or for a part of it.
-- Grain: one row a valid entry (log, log_offset). Rules: L5.
-- not materialized
select * exclude (key)
from read_parquet($mirror_files::varchar[])
where
    key is null
    or key = $customer::varchar
    or identity_hi in (select pulled.identity_hi from pulled)
