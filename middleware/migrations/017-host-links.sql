-- Hosts of bookings that are linked to users of a Salesforce org: by signing in as that user, or by an admin.
create table host_link (
  team_id text not null references team (id),
  -- 18 characters. Ids of users mean nothing in another org; a team that comes back to one finds its links again.
  salesforce_org_id text not null,
  -- In the form that is compared: lower case.
  host_email text not null,
  user_id text not null,
  -- As it was when the link was made, for people to read.
  username text not null,
  -- What an admin said is not changed by whoever signs in.
  via text not null check (via in ('signIn', 'admin')),
  linked_by text not null,
  linked_at timestamptz not null,
  primary key (team_id, salesforce_org_id, host_email)
);

-- What a sign-in at Salesforce was begun for: to connect an org, or to tell who somebody is.
alter table org_sign_in add column purpose text not null default 'connect' check (purpose in ('connect', 'link'));

-- The address that a sign-in link was made for: whoever uses it may say which user this host is.
alter table sign_in_link add column email text;
alter table console_session add column email text;

-- Marks for what is written, of a plan anew that no turn has seen yet: one that runs meanwhile must not undo it.
alter table booking add column replan jsonb;
