-- Of identities that may come twice, those that come under several customers.
-- Grain: one row half an identity. Rules: S2.15.
select identity_hi
from keyed
where identity_hi in (select suspect.identity_hi from suspect)
group by identity_hi
having count(distinct coalesce(key, '')) > 1
