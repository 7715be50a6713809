import type { OrgView } from '../salesforce/org-view';
import { hasPersonAccounts } from '../salesforce/schema';
import { listed } from './check-text';
import { namedOwners, type NameDirectory } from './directory';
import { EXISTING_OBJECTS, MAPPED_OBJECTS, sobjectOf, type MappedObject } from './objects';
import { QUEUE_OBJECTS } from './owner-rules';
import type { SettingsProblem } from './problem';
import { findRecordType } from './record-type';
import type { Rules } from './rules';
import type { Settings } from './settings';
import { creates, scopesOf } from './use';

/** What is wrong with the rules wherever they are used: that can be said without an org. Pure. */
export function checkOwnerKinds(settings: Settings): SettingsProblem[] {
  return perScope(settings, (rules, path) =>
    EXISTING_OBJECTS.filter((object) => !QUEUE_OBJECTS.has(object)).flatMap((object) =>
      (['onCreate', 'onExisting'] as const)
        .filter((when) => ['queue', 'assignmentRules'].includes(rules.owner[object][when].kind))
        .map((when) => ({
          field: `${path}rules.owner.${object}.${when}.kind`,
          code: 'OWNER_KIND' as const,
          error: `Salesforce has ${rules.owner[object][when].kind === 'queue' ? 'queues' : 'assignment rules'} for Lead and Case, not for ${object}`,
          remedy: 'Choose keep, host or user.',
          severity: 'error' as const,
          sobject: sobjectOf(object),
          sobjectField: 'OwnerId',
        })),
    ),
  );
}

/** What is wrong with the rules in an org. Pure. */
export function checkRules(settings: Settings, org: OrgView): SettingsProblem[] {
  return perScope(settings, (rules, path) => [
    ...objectProblems(rules, path, org),
    ...recordTypeProblems(rules, path, org),
    ...campaignProblems(rules, path),
  ]);
}

/** Users and queues that are named and are not there; who was not looked up is not judged. Pure. */
export function checkOwnerNames(settings: Settings, directory: NameDirectory): SettingsProblem[] {
  return namedOwners(settings)
    .filter(({ kind, name }) => directory[kind === 'user' ? 'users' : 'queues'].get(name.toLowerCase()) === null)
    .map(({ kind, name, path }) => ({
      field: path,
      code: kind === 'user' ? ('USER_MISSING' as const) : ('QUEUE_MISSING' as const),
      error:
        kind === 'user'
          ? `The org has no active Standard user with the username ${name}`
          : `The org has no queue with the developer name ${name}`,
      remedy:
        kind === 'user'
          ? 'Write the username as Setup, Users shows it. In a sandbox it ends with the name of the sandbox.'
          : 'Write the Queue Name as Setup, Queues shows it, not the label.',
      severity: 'error' as const,
      sobject: null,
      sobjectField: null,
    }));
}

/** The rules of the team and of each page; what a page has from the team is told once. */
function perScope(settings: Settings, check: (rules: Rules, path: string) => SettingsProblem[]): SettingsProblem[] {
  const ofTeam = new Set<string>();
  return scopesOf(settings).flatMap(({ pageKey, path, settings: { rules } }) =>
    check(rules, path).filter((problem) => {
      const key = JSON.stringify({ ...problem, field: problem.field.slice(path.length) });
      if (pageKey === null) ofTeam.add(key);
      return pageKey === null || !ofTeam.has(key);
    }),
  );
}

function objectProblems(rules: Rules, path: string, org: OrgView): SettingsProblem[] {
  const { unknownCustomer, alsoCreate, searchOrder, event } = rules;
  const problems: SettingsProblem[] = [];
  const told = new Set<string>();
  const tell = (rule: string, object: MappedObject, code: SettingsProblem['code'], error: string, remedy: string) => {
    // One object that is not there is one problem, whichever rules name it.
    if (told.has(`${object} ${code}`)) return;
    told.add(`${object} ${code}`);
    const sobject = sobjectOf(object);
    problems.push({
      field: `${path}rules.${rule}`,
      code,
      error,
      remedy,
      severity: 'error',
      sobject,
      sobjectField: null,
    });
  };
  const look = (rule: string, object: MappedObject): void => {
    const schema = org.schema.objects[sobjectOf(object)];
    if (schema === undefined) {
      const error = `The org has no object ${sobjectOf(object)}, or the API user may not see it`;
      tell(rule, object, 'OBJECT_MISSING', error, `Give the API user read access to ${sobjectOf(object)}.`);
      return;
    }
    if (object === 'PersonAccount' && !hasPersonAccounts(org.schema)) {
      const error = 'The org has no person accounts';
      tell(rule, object, 'NO_PERSON_ACCOUNTS', error, 'Choose Contact or Lead, or enable person accounts in Setup.');
      return;
    }
    if (creates(rules).has(object) && !schema.createable) {
      const error = `The API user may not create records of ${schema.name}`;
      tell(rule, object, 'OBJECT_NOT_CREATEABLE', error, `Give the API user the right to create ${schema.name}.`);
    }
  };
  if (unknownCustomer !== 'None') look('unknownCustomer', unknownCustomer);
  searchOrder.forEach((object, index) => look(`searchOrder.${index}`, object));
  if (alsoCreate !== null) look('alsoCreate', alsoCreate);
  if (creates(rules).has('Account')) look('contactAccount', 'Account');
  if (event === 'write') {
    look('event', 'Event');
    const schema = org.schema.objects['Event'];
    if (schema?.createable === false) {
      const error = 'The API user may not create Events';
      tell('event', 'Event', 'OBJECT_NOT_CREATEABLE', error, 'Give the API user the permission "Edit Events".');
    }
  }
  return problems;
}

function recordTypeProblems({ recordTypes }: Rules, path: string, org: OrgView): SettingsProblem[] {
  return MAPPED_OBJECTS.flatMap((object): SettingsProblem[] => {
    const named = recordTypes[object];
    const schema = org.schema.objects[sobjectOf(object)];
    if (named === undefined || schema === undefined) return [];
    const found = findRecordType(schema, named);
    if (found.kind === 'found') return [];
    const usable = schema.recordTypes
      .filter(({ active, available, master }) => active && available && !master)
      .map(({ developerName }) => developerName);
    const place = {
      field: `${path}rules.recordTypes.${object}`,
      severity: 'error' as const,
      sobject: schema.name,
      sobjectField: 'RecordTypeId',
    };
    switch (found.kind) {
      case 'missing':
        return [
          {
            ...place,
            code: 'RECORD_TYPE_MISSING',
            error: `${schema.name} has no record type "${named}"`,
            remedy: `Write the developer name or the id of a record type; those that the API user may use: ${listed(usable)}.`,
          },
        ];
      case 'ambiguous':
        return [
          {
            ...place,
            code: 'AMBIGUOUS_RECORD_TYPE',
            error: `${schema.name} has ${found.ids.length} record types with the developer name "${named}"`,
            remedy: `Write the id: ${found.ids.join(' or ')}.`,
          },
        ];
      case 'inactive':
        return [
          {
            ...place,
            code: 'RECORD_TYPE_INACTIVE',
            error: `The record type "${named}" of ${schema.name} is not active`,
            remedy: 'Activate it in Setup, or choose another.',
          },
        ];
      case 'unavailable':
        return [
          {
            ...place,
            code: 'RECORD_TYPE_UNAVAILABLE',
            error: `The API user may not use the record type "${named}" of ${schema.name}`,
            remedy: "Assign the record type to the API user's profile or permission set.",
          },
        ];
    }
  });
}

function campaignProblems({ campaignMember }: Rules, path: string): SettingsProblem[] {
  const id = campaignMember?.campaignId ?? null;
  if (id === null || /^701[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/.test(id)) return [];
  return [
    {
      field: `${path}rules.campaignMember.campaignId`,
      code: 'NOT_A_CAMPAIGN',
      error: 'That is no record id of a campaign',
      remedy: "Write the id from the campaign's address in Salesforce; it starts with 701.",
      severity: 'error',
      sobject: 'Campaign',
      sobjectField: null,
    },
  ];
}
