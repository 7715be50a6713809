-- "View customer": whose booking it is, and where a scheduling system shows its customers.

-- As the last turn recognised it; null before the first one.
alter table booking add column customer_id text references customer (id);
create index booking_customer on booking (customer_id, starts_at) where customer_id is not null;

-- Bookings of before, by the same identities, the strongest first.
update booking b set customer_id = known.customer_id
from (
  select b.id, coalesce(
    (select i.customer_id from customer_identity i where i.team_id = b.team_id
       and i.kind = 'source:' || b.source_id and i.value = b.state -> 'customer' ->> 'id'),
    (select i.customer_id from customer_identity i where i.team_id = b.team_id
       and i.kind = 'email' and i.value = lower(btrim(b.state -> 'customer' ->> 'email'))),
    (select i.customer_id from customer_identity i where i.team_id = b.team_id
       and i.kind = 'booking' and i.value = b.id::text)) as customer_id
  from booking b
) known
where known.id = b.id and known.customer_id is not null;

-- The address of a customer's page in the system, with a placeholder for the customer; null: it has none.
alter table source add column customer_page text;
