-- What the connector may spend of an org's daily API calls, what it has spent, and how many lanes share the work.

-- Learnt at each sign-in; leads the admin to the org's own page of its use.
alter table org add column instance_url text;
-- One lane, or two that share the bookings by the customer's e-mail.
alter table org add column lanes smallint not null default 1 check (lanes in (1, 2));
-- Rises with every change of the number of lanes: a lane held under an older layout is given up before a newer one starts.
alter table org add column lane_layout integer not null default 1;

create table api_budget (
  org_id text primary key references org (id),
  -- Of the org's allowance, left to other applications.
  reserve_percent smallint not null default 20 check (reserve_percent between 0 and 100),
  -- Most calls of our own in 24 hours; null: no limit of our own.
  daily_cap integer check (daily_cap > 0),
  -- The org's noisy gauge, smoothed: calls of the last 24 hours by everybody, and the allowance.
  used double precision,
  allowance integer,
  seen_at timestamptz,
  -- Bookings that the org bears in one turn: halved when it was too much, raised by a tenth when all went well.
  batch_limit smallint not null default 200 check (batch_limit between 1 and 200),
  -- While the org refuses, or nothing may be spent: since when, how many tries were in vain, and when the next one is due.
  probe_since timestamptz,
  probe_tries smallint not null default 0,
  probe_at timestamptz
);

-- Our own calls, exactly, by the hour they were made in (UTC).
create table api_calls (
  org_id text not null references org (id),
  hour timestamptz not null,
  purpose text not null,
  calls integer not null,
  primary key (org_id, hour, purpose)
);

alter table lane add column lane smallint not null default 0;
alter table lane add column layout integer not null default 1;
-- Calls set aside for the turn that runs; what a holder who died leaves here counts as made.
alter table lane add column claimed_calls integer not null default 0;
alter table lane drop constraint lane_pkey;
alter table lane add primary key (org_id, lane);

-- Which lane a booking goes by, where there are two: fixed when it is first due there, so that two lanes never hold one
-- booking, even when its customer's address changes while a turn has it in hand.
alter table booking add column lane_hash integer;
