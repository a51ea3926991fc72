-- One half of the identity of every event that is held, to find those that come twice.
-- Grain: one row a valid entry. Rules: S2.15, E7.
select identity_hi from entry where rejected is null and identity_hi is not null
