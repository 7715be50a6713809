-- Orgs that admins connect: how the connector signs in, the session that it shares, and whether it is let in.

alter table org alter column client_secret_sealed drop not null;
alter table org add column flow text not null default 'clientCredentials'
  check (flow in ('clientCredentials', 'jwtBearer', 'authorizationCode'));
-- The environment names it: it is changed there.
alter table org add column from_environment boolean not null default false;
-- Of the JWT bearer flow: as whom it signs in, its key, and the certificate to upload where the key was made here.
alter table org add column username text;
alter table org add column private_key_sealed text;
alter table org add column certificate text;
-- Rises with each change of how it is signed in to, or as whom: what was opened under an older one is not used any more.
alter table org add column sign_in_version integer not null default 1;

-- The session, with its refresh token where the flow gives one. Every instance uses this one.
alter table org add column session_sealed text;
alter table org add column session_at timestamptz;
-- Who is renewing it, and until when nobody else does. A name that stays behind its time tells of a renewal that
-- nobody ended: with rotation, the token that it got may be lost.
alter table org add column renewing_by text;
alter table org add column renewing_until timestamptz;

alter table org add column access text not null default 'new'
  check (access in ('new', 'connected', 'lost', 'disconnected'));
alter table org add column access_since timestamptz;
alter table org add column access_code text;
alter table org add column access_cause text;
alter table org add column access_remedy text;
-- As the last look told.
alter table org add column signed_in_as text;
alter table org add column organization_name text;
alter table org add column is_sandbox boolean;

-- Until now only the environment connected orgs.
update org set from_environment = true, access = case when salesforce_org_id is null then 'new' else 'connected' end,
  access_since = case when salesforce_org_id is null then null else created_at end;

-- A sign-in that was begun in a browser: used once, within minutes, by the session of the console that began it.
create table org_sign_in (
  state_hash text primary key,
  org_id text not null references org (id),
  session_hash text not null,
  verifier_sealed text not null,
  callback_url text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
