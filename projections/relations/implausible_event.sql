-- Events whose time is before the year 2000 or over a day after they were recorded (what was
-- agreed apart: that is announced ahead), and those declared as recorded over a day after they
-- were appended. 946684800000000 is the first instant of 2000, 86400000000 a day.
-- Grain: one row a valid entry and reason. Rules: E3, I8.
select log, log_offset, event_id, customer, effective_at as implausible_at
from seen
where
    effective_at < 946684800000000
    or (
        effective_at > recorded_at + 86400000000
        and not regexp_matches(
            type,
            '^sla\.(contract|calendar|interpretation|subscription|resource|account|claim|right|dispute|credit\.granted)\.'
        )
    )
union all
select log, log_offset, event_id, customer, recorded_at as implausible_at
from seen
where starts_with(log, 'archive-') and recorded_at > appended_at + 86400000000
