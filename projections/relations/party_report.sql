-- What each party said of itself, with its next report on the same component.
-- Grain: one row a report (log, log_offset). Rules: S7.27, S7.28.
select
    subject as party, component, state, effective_at, claimed_from, claimed_to, log, log_offset,
    lead(effective_at) over (
        partition by subject, component
        order by effective_at, recorded_at, topic, log_partition, log_offset
    ) as next_at
from fact
where type = 'sla.party.reported.v1'
