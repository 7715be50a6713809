import { toApiDateTime } from '../../records/timestamps';
import type { Org } from '../../org/org';
import type { FieldValue, StoredRecord } from '../../records/table';
import { valueOf, type Draft, type ObjectRules } from '../draft';
import { RowError } from '../row-error';
import { systemUpdate } from '../system-write';

/** Where an invitation keeps the id of the invitee's own copy of the Event: on no describe, and never answered. */
const COPY_ID = 'CopyEventId';
/** What a copy has of its Event. Custom fields stay behind: a key must not stand twice. */
const COPIED = [
  'Subject',
  'Location',
  'Description',
  'IsAllDayEvent',
  'ActivityDateTime',
  'ActivityDate',
  'DurationInMinutes',
  'StartDateTime',
  'EndDateTime',
  'EndDate',
  'WhoId',
  'WhatId',
  'AccountId',
  'ShowAs',
  'IsPrivate',
  'EventSubtype',
];

/**
 * An invitation makes the Event a group event; a user who is invited gets a child Event of his own, which changes and goes
 * with its parent. Nobody is invited to a child.
 *
 * @see Object Reference, EventRelation
 */
export const eventRelationRules: ObjectRules = {
  sobject: 'EventRelation',
  beforeSave(draft) {
    if (eventOf(draft)?.IsChild !== true) return;
    throw new RowError('FIELD_INTEGRITY_EXCEPTION', 'Event ID: attendees are added to the parent of a child event', [
      'EventId',
    ]);
  },
  afterSave(draft) {
    const { context, before, object, id } = draft;
    const { org, userId } = context;
    const event = eventOf(draft);
    if (before || !event || draft.row.IsParent === true) return;
    const events = org.object('Event');
    const group = { ...event, IsGroupEvent: true, GroupEventType: '1' };
    if (event.IsGroupEvent !== true) systemUpdate(org, events, event, group, userId);
    const inviteeId = String(valueOf(draft, 'RelationId'));
    if (org.schema.objectOfId(inviteeId)?.name !== 'User' || inviteeId === event.OwnerId) return;
    const copyId = org.store.nextId(events);
    org.store.put(events, copyId, copyOf(org, group, copyId, inviteeId, userId));
    org.store.put(object, id, { ...draft.row, Id: id, [COPY_ID]: copyId });
  },
  afterDelete({ org, userId }, row) {
    const copy = org.store.find(String(row[COPY_ID]));
    if (copy && copy.row.IsDeleted !== true) systemUpdate(org, copy.object, copy.row, { IsDeleted: true }, userId);
  },
};

/** Brings the copies of a changed Event in line with it. */
export function updateCopies({ context, id }: Draft): void {
  const { org, userId } = context;
  const event = org.store.find(id)?.row;
  if (event?.IsGroupEvent !== true || event.IsChild === true) return;
  for (const relation of relationsOf(org, id)) {
    const copy = org.store.find(String(relation[COPY_ID]));
    if (copy && copy.row.IsDeleted !== true) systemUpdate(org, copy.object, copy.row, copied(event), userId);
  }
}

/** Has the people of an Event stand in EventRelation: those of the list, or the one person it is related to. */
export function relatePeople(draft: Draft): void {
  const { context, id, whoIds, before } = draft;
  const { org, userId } = context;
  const whoId = valueOf(draft, 'WhoId');
  if (!org.schema.hasSharedActivities || (!whoIds && before && before.WhoId === whoId)) return;
  const wanted = new Set(whoIds ?? (whoId === null ? [] : [String(whoId)]));
  const relations = org.object('EventRelation');
  for (const row of relationsOf(org, id)) {
    if (row.IsParent !== true || row.IsWhat === true || wanted.delete(String(row.RelationId))) continue;
    systemUpdate(org, relations, row, { IsDeleted: true }, userId);
  }
  for (const relationId of wanted) {
    const rowId = org.store.nextId(relations);
    const flags = { IsParent: true, IsWhat: false, IsInvitee: false, IsDeleted: false };
    org.store.put(relations, rowId, {
      ...audit(org, userId),
      ...flags,
      Id: rowId,
      EventId: id,
      RelationId: relationId,
      Status: 'New',
    });
  }
}

function relationsOf(org: Org, eventId: string): StoredRecord[] {
  const relations = org.object('EventRelation');
  const field = relations.field('EventId');
  const rows = (field && org.store.table(relations).lookup(field, eventId)) ?? [];
  return rows.filter((row) => row.IsDeleted !== true);
}

function eventOf(draft: Draft): StoredRecord | undefined {
  return draft.context.org.store.find(String(valueOf(draft, 'EventId')))?.row;
}

function copyOf(org: Org, event: StoredRecord, id: string, ownerId: string, userId: string): StoredRecord {
  const { IsRecurrence = false, IsReminderSet = false, IsArchived = false, IsRecurrence2 = false } = event;
  return {
    ...audit(org, userId),
    ...copied(event),
    ...{ IsRecurrence, IsReminderSet, IsArchived, IsRecurrence2 },
    Id: id,
    OwnerId: ownerId,
    IsChild: true,
    IsGroupEvent: true,
    GroupEventType: '1',
    IsDeleted: false,
  };
}

function copied(event: StoredRecord): Record<string, FieldValue> {
  return Object.fromEntries(COPIED.map((name): [string, FieldValue] => [name, event[name] ?? null]));
}

function audit(org: Org, userId: string): Record<string, FieldValue> {
  const now = toApiDateTime(org.clock.now());
  return {
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  };
}
