-- A team that is moved to another org, and a connection that leads to another Salesforce org than before.

-- Each Salesforce org that a connection leads to has a number of its own, over all connections: what is believed of one
-- org (written Events, records of customers, a turn under way) counts in no other.
create sequence org_generation as integer;
update org o set generation = n.number
from (select id, row_number() over (order by created_at, id) as number from org) n where n.id = o.id;
update customer_link l set generation = o.generation from org o where o.id = l.org_id and l.generation <> o.generation;
update booking b set written = jsonb_set(b.written, '{generation}', to_jsonb(o.generation))
from team t join org o on o.id = t.org_id
where t.id = b.team_id and jsonb_typeof(b.written) = 'object' and o.generation <> 1;
select setval('org_generation', coalesce(max(generation), 1), count(*) > 0) from org;
alter table org alter column generation set default nextval('org_generation');

-- Since when the team's bookings wait until an admin chooses which of them are written to its new org; null: they do not.
alter table team add column held_at timestamptz;
-- The connection that they went to before; the present one, when that leads to another Salesforce org.
alter table team add column held_from text;

-- The other Salesforce org that a connection leads to, until an admin takes it or puts the one of before back.
create table other_org (
  org_id text primary key references org (id),
  salesforce_org_id text not null,
  instance_url text not null,
  -- Sealed as the org's own session.
  session_sealed text,
  organization_name text,
  is_sandbox boolean,
  seen_at timestamptz not null
);
