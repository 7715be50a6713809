import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orgViewOf } from '../src/salesforce/org-view';
import { byName, objectSchemaFromDescribe } from '../src/salesforce/schema';
import { checkSettings } from '../src/settings/check-settings';
import { fieldChoices } from '../src/settings/field-choices';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from '../src/settings/objects';
import { explainRequired } from '../src/settings/required-field';
import { DEFAULT_SETTINGS, parseSettings } from '../src/settings/settings';

const OWN = join(__dirname, 'fixtures/salesforce/describe');
/** Recorded describes of real orgs, where they are at hand beside the project. */
const SHARED = join(__dirname, '../../../shared/salesforce/describe');

/** What real orgs require of new records, by recorded describe: facts, not what the code says. */
const REQUIRED: Partial<Record<string, string[]>> = {
  Lead: ['LastName', 'Company'],
  Contact: ['LastName'],
  Account: ['Name'],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  Case: [],
  Event: ['StartDateTime', 'EndDateTime'],
};

const folders = [OWN, SHARED].filter((folder) => existsSync(folder));
console.info(`Recorded describes are read from ${folders.length} folders.`);

describe.each(folders.map((folder) => [folder === OWN ? 'the fixtures' : 'the shared recordings', folder]))(
  'recorded describes of %s',
  (_title, folder) => {
    const described = readdirSync(folder)
      .filter((file) => /^[A-Z]\w*\.json$/.test(file))
      .map((file) => objectSchemaFromDescribe(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
    const org = orgViewOf({ objects: byName(described), stamp: null, readAt: '2026-10-01T00:00:00.000Z' });
    const objects = MAPPED_OBJECTS.filter(
      (object) => object !== 'PersonAccount' && org.schema.objects[sobjectOf(object)] !== undefined,
    );

    // The project's fixtures are cut to the fields that its tests use.
    const hasField = (object: MappedObject, field: string) =>
      org.schema.objects[sobjectOf(object)]?.fields[field] !== undefined;

    it('has something to read', () => expect(objects).toEqual(expect.arrayContaining(['Lead', 'Event'])));

    it.each(objects)('knows what %s requires', (object) => {
      const fields = explainRequired(object, org);
      expect(
        fields
          .filter(({ name }) => !name.includes('__'))
          .map(({ field }) => field)
          .sort(),
      ).toEqual((REQUIRED[object] ?? []).filter((name) => hasField(object, name)).sort());
      for (const { remedies } of fields) expect(remedies.length).toBeGreaterThan(1);
    });

    it.each(objects)('puts every field of %s in one of two lists, each refused one with its reason', (object) => {
      const { writable, notWritable } = fieldChoices(object, org)!;
      const all = Object.keys(org.schema.objects[sobjectOf(object)]!.fields);
      expect([...writable, ...notWritable].map(({ field }) => field).sort()).toEqual([...all].sort());
      for (const { field } of notWritable.filter(({ reason }) => !/\w/.test(reason))) throw new Error(field);
      for (const { createable, updateable } of writable) expect(createable || updateable).toBe(true);
      const named = writable.map(({ field }) => field);
      for (const never of ['Id', 'CreatedDate', 'SystemModstamp', 'OwnerId']) expect(named).not.toContain(never);
    });

    it.each(
      (
        [
          ['Lead', 'Name', 'compound'],
          ['Lead', 'Address', 'compound'],
          ['Lead', 'CreatedById', 'readOnly'],
          ['Contact', 'MailingAddress', 'compound'],
          ['Case', 'CaseNumber', 'autoNumber'],
          ['Event', 'WhoId', 'connector'],
          ['Event', 'StartDateTime', 'connector'],
        ] as [MappedObject, string, string][]
      ).filter(([object, field]) => hasField(object, field)),
    )('says of %s.%s that it is %s', (object, field, kind) => {
      const told = fieldChoices(object, org)!.notWritable.find((each) => each.field === field);
      expect(told?.kind).toBe(kind);
    });

    it('finds in the default rows no error where the objects are all there', () => {
      const problems = checkSettings(DEFAULT_SETTINGS, org).filter(({ code }) => code !== 'OBJECT_MISSING');
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    });

    if (objects.includes('Opportunity')) {
      it('asks for the stage of an Opportunity, and takes one of its stages only as it is spelled', () => {
        const settings = (stage: string | null) =>
          parseSettings({
            ...DEFAULT_SETTINGS,
            rules: { ...DEFAULT_SETTINGS.rules, alsoCreate: 'Opportunity' },
            required: stage === null ? {} : { Opportunity: { StageName: { text: stage } } },
          });
        const codes = (stage: string | null) =>
          checkSettings(settings(stage), org)
            .filter(({ severity, sobjectField }) => severity === 'error' && sobjectField === 'StageName')
            .map(({ code }) => code);
        expect([codes(null), codes('prospecting'), codes('Prospecting')]).toEqual([
          ['REQUIRED_WITHOUT_VALUE'],
          ['PICKLIST_VALUE'],
          [],
        ]);
      });
    }
  },
);
