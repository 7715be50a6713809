import { MAPPED_OBJECTS, sobjectOf } from '../settings/objects';
import type { NeededRight, Right } from '../settings/right';
import type { Settings } from '../settings/settings';
import { scopesOf } from '../settings/use';

/** The API name of the permission set that is written. */
export const PERMISSION_SET_NAME = 'Booking_API_User_Least';

type ObjectRight = Extract<Right, { kind: 'object' }>;
type FieldRight = Extract<Right, { kind: 'field' }>;

/** Standard fields that Event shares with Task: a permission set lists both, as a row that is missing counts as no access. */
const SHARED_WITH_TASK = ['WhoId', 'WhatId', 'Description'];

/**
 * A permission set with exactly these rights, as a file of the source format. Fields of a Person Account are granted on
 * Contact, those of Event on Task as well where both have them. Rights on Events are user permissions. Pure.
 *
 * @param recordTypes `Lead.Webinar`: those that the settings name.
 */
export function permissionSetXml(needed: readonly NeededRight[], recordTypes: readonly string[]): string {
  const rights = needed.map(({ right }) => right);
  const fields = new Map<string, boolean>();
  for (const right of rights.filter((one): one is FieldRight => one.kind === 'field')) {
    for (const name of grantedNames(right)) fields.set(name, (fields.get(name) ?? false) || right.access === 'edit');
  }
  const objects = new Map<string, Set<ObjectRight['access']>>();
  for (const { sobject, access } of rights.filter((one): one is ObjectRight => one.kind === 'object')) {
    objects.set(sobject, (objects.get(sobject) ?? new Set<ObjectRight['access']>(['read'])).add(access));
  }
  const users = rights.flatMap((right) => (right.kind === 'user' ? [right.permission] : []));
  const sorted = <T>(entries: Iterable<[string, T]>): [string, T][] =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = [
    '<description>Everything that the API user needs for the settings in use, and nothing else. Written by booking-connector permissions.</description>',
    ...sorted(fields).map(([name, isEditable]) =>
      element('fieldPermissions', { editable: isEditable, field: name, readable: true }),
    ),
    '<hasActivationRequired>false</hasActivationRequired>',
    '<label>Booking API User Least</label>',
    ...sorted(objects).map(([object, access]) =>
      element('objectPermissions', {
        allowCreate: access.has('create'),
        allowDelete: false,
        allowEdit: access.has('edit'),
        allowRead: true,
        modifyAllRecords: false,
        object,
        viewAllRecords: access.has('viewAll'),
      }),
    ),
    ...[...recordTypes].sort().map((recordType) => element('recordTypeVisibilities', { recordType, visible: true })),
    ...[...new Set(users)].sort().map((name) => element('userPermissions', { enabled: true, name })),
  ];
  const body = rows.map((row) => `    ${row.replaceAll('\n', '\n    ')}`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</PermissionSet>\n`;
}

/** The record types that settings name by developer name, with their object; an id names none that metadata knows. Pure. */
export function namedRecordTypes(settings: Settings): string[] {
  const named = scopesOf(settings).flatMap(({ settings: { rules } }) =>
    MAPPED_OBJECTS.flatMap((object) => {
      const name = rules.recordTypes[object];
      return name === undefined || /^012\w{12,15}$/.test(name) ? [] : [`${sobjectOf(object)}.${name}`];
    }),
  );
  return [...new Set(named)];
}

function grantedNames({ sobject, field }: FieldRight): string[] {
  if (sobject === 'Account' && field.endsWith('__pc')) return [`Contact.${field.replace(/__pc$/, '__c')}`];
  if (sobject === 'Account' && /^Person[A-Z]/.test(field)) return [`Contact.${field.replace(/^Person/, '')}`];
  if (sobject !== 'Event') return [`${sobject}.${field}`];
  return field.endsWith('__c') || SHARED_WITH_TASK.includes(field)
    ? [`Event.${field}`, `Task.${field}`]
    : [`Event.${field}`];
}

function element(name: string, values: Record<string, string | boolean>): string {
  const inner = Object.entries(values).map(([key, value]) => `    <${key}>${escaped(String(value))}</${key}>`);
  return [`<${name}>`, ...inner, `</${name}>`].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
