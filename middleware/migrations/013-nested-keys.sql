-- Whether the org takes a reference to a record of several types (Who, What) by external id, as learnt from what it
-- answers; null: not known yet. Where it does not, Events of new records go in a further call, by the ids just learnt.
alter table org add column takes_nested_keys boolean;
