-- One half of the identity of the events that a question for one customer looks at.
-- Grain: one row a valid entry. Rules: S2.15.
select identity_hi
from keyed
where key is null or key = $customer::varchar
