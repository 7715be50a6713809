import type { OrgView } from '../salesforce/org-view';
import type { FieldSchema, ObjectSchema } from '../salesforce/schema';
import { listed } from '../settings/check-text';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from '../settings/objects';
import { OWN_FIELDS } from '../settings/own-fields';
import { useOf, type Use } from '../settings/use';
import { findValueName, namesInText } from '../settings/value-names';
import type { ScopeFinding } from './settings-findings';
import type { PagesScope } from './scopes';

/** Fields without which a booking cannot be written at all, by name without the package's namespace. */
const VITAL = new Set(['Booking_Id__c', 'StartDateTime', 'EndDateTime']);

/** An object that the settings use, before and now. */
interface Compared {
  object: MappedObject;
  use: Use;
  was: ObjectSchema;
  is: ObjectSchema;
}

/**
 * What changed between two schemas in what the connector itself needs, and in values that only bookings know: no check of
 * a document says it. Pure.
 */
export function schemaFindings(scope: PagesScope, before: OrgView, now: OrgView): ScopeFinding[] {
  const { rules, mappings } = scope.settings;
  return MAPPED_OBJECTS.flatMap((object): ScopeFinding[] => {
    const use = useOf(object, rules, mappings[object]);
    const [was, is] = [before, now].map(({ schema }) => schema.objects[sobjectOf(object)]);
    // An object that is gone as a whole is told with the rules.
    if ((!use.isCreated && !use.isChanged) || was === undefined || is === undefined) return [];
    const compared = { object, use, was, is };
    return [
      ...objectFindings(compared, scope),
      ...OWN_FIELDS[object].flatMap((local) => ownFieldFindings(local, compared, before, now)),
      ...narrowedFields(compared, scope, now),
    ];
  });
}

/** Rights on a whole object. That of creating is told with the rules. */
function objectFindings({ object, use, was, is }: Compared, { settings }: PagesScope): ScopeFinding[] {
  const lost = (what: string, right: string, severity: ScopeFinding['severity']): ScopeFinding => ({
    kind: 'rightLost',
    severity,
    sobject: is.name,
    field: null,
    what,
    remedy: `Give the API user the right to ${right} ${is.name} records.`,
  });
  return [
    ...(use.isChanged && was.updateable && !is.updateable
      ? [
          lost(
            `The API user may no longer change records of ${is.name}. Bookings that change one will wait for you.`,
            'edit',
            'error',
          ),
        ]
      : []),
    ...(object === 'Event' && settings.rules.cancel === 'delete' && was.deletable && !is.deletable
      ? [
          lost(
            'The API user may no longer delete Events. Those of canceled bookings stay, with their status.',
            'delete',
            'warning',
          ),
        ]
      : []),
  ];
}

/** The fields that the connector fills itself. */
function ownFieldFindings(local: string, { use, was, is }: Compared, before: OrgView, now: OrgView): ScopeFinding[] {
  const [old, present] = [was.fields[before.names.name(local)], is.fields[now.names.name(local)]];
  if (old === undefined) return [];
  const name = present?.name ?? old.name;
  const severity = VITAL.has(local) ? 'error' : 'warning';
  const effect = severity === 'error' ? 'No booking can be written without it.' : 'Bookings are written without it.';
  const place = { severity, sobject: is.name, field: name } as const;
  if (present === undefined) {
    const what = `${is.name}.${name}, which the connector itself needs, is gone, or the API user may not see it any more. ${effect}`;
    const remedy = name.endsWith('__c')
      ? 'Install the Salesforce package again, or give the API user its permission set.'
      : `Give the API user access to ${is.name}.${name}.`;
    return [{ ...place, kind: 'fieldGone', what, remedy }];
  }
  const hasLost =
    (use.isCreated && old.createable && !present.createable) ||
    (use.isChanged && old.updateable && !present.updateable);
  if (!hasLost) return [];
  const what = `The API user may no longer write ${is.name}.${name}, which the connector itself fills. ${effect}`;
  return [
    {
      ...place,
      kind: 'rightLost',
      what,
      remedy: `Give the API user edit access to ${is.name}.${name} by a permission set.`,
    },
  ];
}

/** Fields that take less than before, and that a row fills with what a booking brings: what comes shows only then. */
function narrowedFields({ object, was, is }: Compared, { settings }: PagesScope, { names }: OrgView): ScopeFinding[] {
  const rows = settings.mappings[object].filter(bringsAnything);
  const fields = new Map(rows.map((row) => [names.name(row.field), row.ifBad ?? settings.rules.badValue]));
  return [...fields].flatMap(([name, policy]): ScopeFinding[] => {
    const [old, present] = [was.fields[name], is.fields[name]];
    const narrowed = old === undefined || present === undefined ? null : narrowing(old, present);
    if (narrowed === null) return [];
    const effect = policy === 'park' ? 'wait for you' : 'are written without it';
    return [
      {
        kind: narrowed.kind,
        severity: policy === 'park' ? 'error' : 'warning',
        sobject: is.name,
        field: name,
        what: `${is.name}.${name} ${narrowed.what} Bookings that bring a value it does not take ${effect}.`,
        remedy: narrowed.remedy,
      },
    ];
  });
}

/** What a field does not take any more, in words that go on after its name; null when it takes what it took. */
function narrowing(
  old: FieldSchema,
  present: FieldSchema,
): { kind: 'picklist' | 'fieldChanged'; what: string; remedy: string } | null {
  if (old.type !== present.type && !TAKES_TEXT.has(present.type)) {
    return {
      kind: 'fieldChanged',
      what: `is of the type ${present.type} now, no longer ${old.type}.`,
      remedy: `Map a value of that type into ${present.name}, or map another field.`,
    };
  }
  if (!present.restrictedPicklist) return null;
  const remedy = `Add the values to ${present.name} again, correct the answers on the booking page, or map another field.`;
  if (!old.restrictedPicklist) return { kind: 'picklist', what: 'takes only the values of its list now.', remedy };
  const values = activeOf(present);
  const lost = activeOf(old).filter((value) => !values.includes(value));
  return lost.length === 0 ? null : { kind: 'picklist', what: `no longer takes ${listed(lost)}.`, remedy };
}

/** Types that hold what somebody wrote, as far as describe can tell. */
const TAKES_TEXT = new Set(['string', 'textarea', 'combobox', 'picklist', 'multipicklist', 'encryptedstring']);

/** Whether a row writes what nobody can tell before the booking: an answer, a name. */
function bringsAnything({ from, text }: { from?: string | undefined; text?: string | undefined }): boolean {
  if (from === undefined) return namesInText(text ?? '').length > 0;
  const known = findValueName(from);
  return known !== null && known.values === undefined && (known.kind === 'text' || known.kind === 'any');
}

function activeOf({ picklistValues }: FieldSchema): string[] {
  return picklistValues.filter(({ active }) => active).map(({ value }) => value);
}
