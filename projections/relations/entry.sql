-- Every entry of every topic, file and archive log, decoded, with the log it stands in.
-- Grain: one row an entry (log, log_offset). Rules: L1, S2.11, E3.
-- not materialized
select
    segment.* exclude (frame, leaf),
    list_extract($logs::varchar[], (segment.file_index + 1)::bigint) as log,
    list_extract($topics::varchar[], (segment.file_index + 1)::bigint) as topic,
    list_extract($partitions::bigint[], (segment.file_index + 1)::bigint) as log_partition
from read_parquet($files::varchar[]) as segment
