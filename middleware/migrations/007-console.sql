-- Who may come in, and what they did. Of every token only its SHA-256 is kept.

-- Signs one person in, once, within minutes.
create table sign_in_link (
  token_hash text primary key,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'rep')),
  team_id text not null references team (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table console_session (
  token_hash text primary key,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'rep')),
  team_id text not null references team (id),
  created_at timestamptz not null,
  -- When it was last used, to the minute: an idle session ends.
  seen_at timestamptz not null,
  -- When it ends however much it is used.
  expires_at timestamptz not null
);

create table api_token (
  id bigint generated always as identity primary key,
  token_hash text not null unique,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member', 'rep')),
  team_id text not null references team (id),
  created_at timestamptz not null,
  -- To the minute; null when it never was.
  used_at timestamptz,
  revoked_at timestamptz
);

-- Every order that changes something, with its arguments as far as they may be kept.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  name text not null,
  role text not null,
  team_id text not null,
  via text not null check (via in ('cli', 'api', 'console')),
  action text not null,
  args jsonb not null,
  -- Null while it is under way, and when the server died in it.
  outcome text check (outcome in ('done', 'refused', 'failed'))
);

-- The list of bookings, newest first, page by page.
create index booking_newest on booking (team_id, created_at, id);
-- What waits for a human is found without walking all bookings.
create index booking_parked on booking (updated_at)
  where jsonb_path_exists(parts, '$.* ? (@.state == "parked")');
