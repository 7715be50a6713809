-- The watch over each org: what is remembered of it, and what was found that strikes bookings.

create table drift_watch (
  org_id text primary key references org (id),
  -- The schema as describe gave it, except for what something was found of: that stays as it was until it is mended.
  remembered jsonb not null,
  -- When the org was last looked at, and under which settings (version by team) it was judged.
  looked_at timestamptz not null,
  settings_versions jsonb not null
);

create table drift_finding (
  org_id text not null references org (id),
  team_id text not null references team (id),
  -- What makes it the same as one found before.
  key text not null,
  kind text not null,
  severity text not null check (severity in ('error', 'warning')),
  sobject text,
  field text,
  pages jsonb not null,
  is_team_wide boolean not null,
  what text not null,
  remedy text not null,
  found_at timestamptz not null,
  primary key (org_id, team_id, key)
);

-- Users of an org whom settings name or who host bookings to come, by the name they are looked for by.
create table drift_user (
  org_id text not null references org (id),
  -- An e-mail address or username, in lower case.
  name text not null,
  -- The last active user of that name; null when there never was one.
  user_id text,
  is_active boolean not null,
  seen_at timestamptz not null,
  primary key (org_id, name)
);

-- Rises when users of the org came or went: who is remembered by a lane is looked for again.
alter table org add column users_changed_at timestamptz;
