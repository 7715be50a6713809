-- What an admin must be told once: raised while it lasts, ended when it is over.

create table notice (
  id bigint generated always as identity primary key,
  -- What it is about, as "access:main": one of a key is open at a time.
  key text not null,
  -- Null when it is about no org.
  org_id text references org (id),
  severity text not null check (severity in ('error', 'warning')),
  what text not null,
  remedy text not null,
  raised_at timestamptz not null,
  ended_at timestamptz
);
create unique index notice_open on notice (key) where ended_at is null;

-- What is to be sent of it, and was: each once by each way.
create table notice_message (
  notice_id bigint not null references notice (id),
  event text not null check (event in ('raised', 'ended')),
  channel text not null,
  -- When it is sent, or tried again; null when it was sent, or given up.
  due_at timestamptz,
  attempts integer not null default 0,
  sent_at timestamptz,
  primary key (notice_id, event, channel)
);
create index notice_message_due on notice_message (due_at) where due_at is not null;
