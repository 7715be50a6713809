-- What a body does not say is asked for at the scheduling system's own API, before the booking is written.

-- Sealed under the context "source:<id>:api"; null: nothing is asked.
alter table source add column api_credential_sealed text;

-- The revision up to which everything was asked for: a newer one is not written before it is looked at.
alter table booking add column asked_revision integer;
-- How often asking has failed in a row.
alter table booking add column ask_failures smallint not null default 0;

-- When what this event left open was asked for, or given up; null: not yet, or never needed.
alter table booking_event add column asked_at timestamptz;
-- Why there was no answer; null when there was one.
alter table booking_event add column ask_fault text;
