-- What lets parked bookings go again by themselves.

-- The org's schema as it was last heard of: its stamp, the ETag as it was sent, and when that was asked.
alter table org add column schema_stamp text;
alter table org add column schema_etag text;
alter table org add column schema_checked_at timestamptz;

-- Bookings that wait for something which lies in the org and not in themselves.
create index booking_scoped on booking (team_id)
  where jsonb_path_exists(parts, '$.* ? (@.state == "parked" && @.class == "scoped")');

-- When bookings of one problem were last let go because others like them were written, so that it stays rare.
create table problem_release (
  team_id text not null references team (id),
  -- Code, object and fields of the parked part.
  code text not null,
  sobject text not null,
  fields jsonb not null,
  -- One booking is tried in case the problem is mended: when next, and how often that came to nothing.
  next_probe_at timestamptz not null,
  probes integer not null default 0,
  -- When all of them were let go.
  released_at timestamptz,
  primary key (team_id, code, sobject, fields)
);
