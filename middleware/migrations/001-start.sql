-- The connector's own state. Salesforce holds the truth about Salesforce; this holds what was received, what is
-- desired, and what was written where.

create table org (
  id text primary key,
  login_url text not null,
  client_id text not null,
  client_secret_sealed text not null,
  -- Salesforce's own id of the org, learnt at the first sign-in.
  salesforce_org_id text,
  -- Rises when the connection is switched to another org: what belongs to an older one is void.
  generation integer not null default 1,
  -- The start gate: nothing is written before.
  started_at timestamptz,
  created_at timestamptz not null
);

create table team (
  id text primary key,
  -- Null until the team is linked to an org: its bookings are kept until then.
  org_id text references org (id),
  created_at timestamptz not null
);

create table setting (
  team_id text not null references team (id),
  version integer not null,
  document jsonb not null,
  author text not null,
  created_at timestamptz not null,
  primary key (team_id, version)
);

create table source (
  id text primary key,
  team_id text not null references team (id),
  kind text not null,
  -- Newest first; a second one is accepted while a secret is being rotated.
  secrets_sealed text[] not null,
  -- Of a source of the kind "mapped": how its bodies are read.
  mapping jsonb,
  -- Bookings count as completed so long after their end, for systems that never say so; null: never by the clock.
  complete_after_minutes integer,
  created_at timestamptz not null
);

-- Every webhook request whose signature held, understood or not.
create table delivery (
  id bigint generated always as identity primary key,
  source_id text not null references source (id),
  delivery_key text not null,
  received_at timestamptz not null,
  raw_body bytea,
  outcome text not null check (outcome in ('stored', 'ignored', 'refused')),
  -- Why it was ignored, or the list of what is wrong with it.
  detail jsonb,
  unique (source_id, delivery_key)
);

create table booking (
  id uuid primary key,
  team_id text not null references team (id),
  source_id text not null references source (id),
  root_key text not null,
  revision integer not null,
  -- The desired state, folded from all its booking events.
  state jsonb not null,
  -- Of the state, for the queue and the clock.
  status text not null,
  starts_at timestamptz,
  ends_at timestamptz,
  -- The end (as in the state) at which the clock completed it: void once the booking ends at another time.
  completed_ends_at text,
  merged_into uuid references booking (id),
  -- The queue: when the loop shall look at it; null when nothing is to be done.
  due_at timestamptz,
  -- 0 for what somebody did, 1 for what the clock did: that goes last.
  priority smallint not null default 0,
  attempts integer not null default 0,
  -- What became of each part: written, waiting, parked or not wanted.
  parts jsonb not null default '{}',
  -- What we believe Salesforce holds, and of which generation of the connection.
  written jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (source_id, root_key)
);
create index booking_due on booking (team_id, due_at) where due_at is not null;
create index booking_clock on booking (source_id, ends_at)
  where status in ('Scheduled', 'Rescheduled') and merged_into is null;

-- Every native key of a lineage leads to its booking.
create table booking_key (
  source_id text not null references source (id),
  -- By code unit, so that the seats of a booking ("key:seat") are one range of the index.
  native_key text collate "C" not null,
  booking_id uuid not null references booking (id),
  primary key (source_id, native_key)
);
create index booking_key_booking on booking_key (booking_id);

create table booking_event (
  booking_id uuid not null references booking (id),
  -- SHA-256 of the event's canonical JSON: the same fact told twice is one.
  hash text not null,
  event jsonb not null,
  delivery_id bigint references delivery (id),
  recorded_at timestamptz not null,
  primary key (booking_id, hash)
);

-- What each turn decided and did for a booking, for whoever asks why.
create table booking_log (
  id bigint generated always as identity primary key,
  booking_id uuid not null references booking (id),
  revision integer not null,
  settings_version integer not null,
  at timestamptz not null,
  steps jsonb not null,
  parts jsonb not null
);
create index booking_log_booking on booking_log (booking_id, id);

-- A customer of a team, recognised by the source's customer id, else by the normalised e-mail.
create table customer (
  -- The opaque value of Booking_Customer_Id__c.
  id text primary key,
  team_id text not null references team (id),
  created_at timestamptz not null
);

create table customer_identity (
  team_id text not null references team (id),
  -- 'email', or 'source:<source id>' for the source's own customer ids.
  kind text not null,
  value text not null,
  customer_id text not null references customer (id),
  primary key (team_id, kind, value)
);

-- The record that a customer was last written to or found on, per org and generation of its connection.
create table customer_link (
  customer_id text not null references customer (id),
  org_id text not null references org (id),
  generation integer not null,
  sobject text not null,
  record_id text not null,
  linked_at timestamptz not null,
  primary key (customer_id, org_id, generation)
);

-- One lane writes to an org at a time, over all instances of the connector. The token rises with every taker, so
-- that a holder who was paused past his lease can no longer settle.
create table lane (
  org_id text primary key references org (id),
  holder text not null,
  token bigint not null,
  leased_until timestamptz not null
);
