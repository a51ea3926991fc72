-- The events that stand at `known_at`: seen, and neither repeats nor replaced nor taken back.
-- Grain: one row an event (log, log_offset). Rules: S2.1, S2.15 to S2.27, E7.
select scope.*
from scope
where
    not exists (
        select 1 from void where void.log_offset = scope.log_offset and void.log = scope.log
    )
