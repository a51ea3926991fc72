-- The events that a question for everybody looks at: all that are seen.
-- Grain: one row a valid entry (log, log_offset). Rules: S2.1.
-- not materialized
select * from seen
