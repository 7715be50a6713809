import { normaliseId } from '../records/record-id';
import type { ObjectSchema } from '../schema/object-schema';
import type { Draft } from './draft';
import { jsonParserError, RowError } from './row-error';
import type { WriteContext } from './write-context';

/** The people of an Event in an org with Shared Activities. It is in no describe's fields. */
export const EVENT_WHO_IDS = 'EventWhoIds';
const MAX_CONTACTS = 50;

/** Whether a key of a request is a list of ids, not a field. */
export function isIdList({ org }: WriteContext, object: ObjectSchema, key: string): boolean {
  return object.name === 'Event' && org.schema.hasSharedActivities && key.toLowerCase() === EVENT_WHO_IDS.toLowerCase();
}

/** The ids of a JSON array as one text, which a parsed row can hold. */
export function readIdList(value: unknown): string {
  const list = value ?? [];
  if (!Array.isArray(list)) throw jsonParserError(`Cannot deserialize ${EVENT_WHO_IDS}: it must be an array of ids`);
  const ids = list.map((id) => {
    const normalised = typeof id === 'string' ? normaliseId(id) : null;
    if (normalised === null) throw new RowError('MALFORMED_ID', `malformed id ${JSON.stringify(id)}`, [EVENT_WHO_IDS]);
    return normalised;
  });
  return [...new Set(ids)].join(';');
}

/**
 * Takes the list out of a draft, where it is no field, and makes its first id the Event's WhoId unless the request gave
 * one: up to 50 Contacts, or one Lead.
 *
 * @throws RowError when the list has something else.
 */
export function takeWhoIds(draft: Draft): void {
  const text = draft.row[EVENT_WHO_IDS];
  if (typeof text !== 'string') return;
  const { org } = draft.context;
  const listed = text === '' ? [] : text.split(';');
  delete draft.row[EVENT_WHO_IDS];
  if (!draft.given.has('WhoId')) draft.row.WhoId = listed[0] ?? null;
  const whoId = draft.row.WhoId ?? null;
  const whoIds = [...new Set([...(whoId === null ? [] : [String(whoId)]), ...listed])];
  for (const id of whoIds) {
    if (org.store.find(id)?.row.IsDeleted === false) continue;
    throw new RowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [EVENT_WHO_IDS]);
  }
  const names = whoIds.map((id) => org.schema.objectOfId(id)?.name);
  const isOneLead = names.length === 1 && names[0] === 'Lead';
  if (!isOneLead && (whoIds.length > MAX_CONTACTS || names.some((name) => name !== 'Contact'))) {
    throw new RowError(
      'FIELD_INTEGRITY_EXCEPTION',
      `${EVENT_WHO_IDS}: an event can have up to ${MAX_CONTACTS} contacts or one lead`,
      [EVENT_WHO_IDS],
    );
  }
  draft.whoIds = whoIds;
}
