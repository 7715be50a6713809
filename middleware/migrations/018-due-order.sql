-- A backlog of many thousands is taken batch by batch: each batch reads its own bookings, and not all that are due.
-- In the order in which bookings are taken; the time is in it so that those that are tried again later are passed over
-- within the index.
create index booking_due_order on booking (team_id, priority, starts_at, id, due_at) where due_at is not null;
-- Since when the first of those that only the clock did waits.
create index booking_due_clocked on booking (team_id, due_at) where due_at is not null and priority > 0;
