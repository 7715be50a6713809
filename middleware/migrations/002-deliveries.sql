-- What an admin looks at: which sources are alive, what was refused, and the bodies that are still kept.

-- Sent by the connector itself to see whether a source's address and secret hold: no sender knows of it.
alter table delivery add column is_test boolean not null default false;

create index delivery_source on delivery (source_id, received_at);
create index delivery_refused on delivery (id) where outcome = 'refused';
-- Shrinks as bodies are stripped: the retention work finds the next ones without walking the whole history.
create index delivery_body on delivery (received_at) where raw_body is not null;
