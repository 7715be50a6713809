-- A delivery is answered once it is on disk, and folded into its bookings right after.

-- The booking events that it was translated into when it came, until the raw body is stripped; null for one that says
-- nothing about a booking. Read by the folding only, and never looked into here: hence not jsonb.
alter table delivery add column events json;

-- Bodies stay as they are, beside their row: to compress each one and move it elsewhere costs more than storing it.
alter table delivery alter column raw_body set storage external;
alter table delivery set (toast_tuple_target = 8160);

-- How far deliveries are folded into bookings, in the order of their ids. One row: whoever folds holds it.
create table folding (
  up_to bigint not null
);
create unique index folding_one on folding ((true));
insert into folding (up_to) select coalesce(max(id), 0) from delivery;

-- What is written with each delivery is checked by the code that writes it, in one place: sources, bookings and
-- deliveries are never deleted, and to look each one up again cost a quarter of storing and of folding.
alter table delivery drop constraint delivery_source_id_fkey;
alter table booking drop constraint booking_team_id_fkey;
alter table booking drop constraint booking_source_id_fkey;
alter table booking_key drop constraint booking_key_source_id_fkey;
alter table booking_key drop constraint booking_key_booking_id_fkey;
alter table booking_event drop constraint booking_event_booking_id_fkey;
alter table booking_event drop constraint booking_event_delivery_id_fkey;
