import { z } from 'zod';
import { MAPPED_OBJECTS } from '../../settings/objects';
import { pageSchema } from '../../settings/settings';
import { listPages, readFieldChoices, readPageTemplate, readRequiredFields } from '../settings-fields';
import { instant, nothing, order } from './order';

const object = z.enum(MAPPED_OBJECTS);
const field = z.string().describe("API name without the package's namespace, as settings name it.");
const named = { field, label: z.string(), type: z.string() };
const picklistValues = z.array(z.strictObject({ value: z.string(), label: z.string() }));
const remedies = z.array(z.string()).describe('What can be done, best first.');
const pageKey = z.string().describe('<source id>:<page id>, as settings name pages.');
const coverage = z
  .strictObject({
    by: z.enum(['connector', 'mapping', 'chosen', 'placeholder', 'nothing']),
    mayBeEmpty: z.boolean().describe('Bookings without a value are possible, and wait for a human.'),
  })
  .describe('What gives the field its value.');

/** Orders about what there is to choose from when settings are written. */
export const SETTINGS_FIELD_ORDERS = {
  fieldChoices: order(
    {
      role: 'member',
      args: z.strictObject({ object }),
      answer: z.strictObject({
        object,
        sobject: z.string(),
        writable: z.array(
          z.strictObject({
            ...named,
            length: z.int().nullable().describe('Longest text in characters; null for what is no text.'),
            isRequired: z.boolean(),
            createable: z.boolean(),
            updateable: z.boolean(),
            picklistValues,
            isRestricted: z.boolean().describe('Salesforce refuses every other value.'),
            dependsOn: z.string().nullable().describe('The field that decides which values are legal.'),
          }),
        ),
        notWritable: z.array(z.strictObject({ ...named, kind: z.string(), reason: z.string(), remedy: z.string() })),
      }),
      audited: null,
    },
    readFieldChoices,
  ),
  requiredFields: order(
    {
      role: 'member',
      args: z.strictObject({ object: object.optional() }),
      answer: z.strictObject({
        fields: z.array(
          z.strictObject({
            object,
            sobject: z.string(),
            ...named,
            name: z.string().describe('API name in the org.'),
            isSupported: z.boolean().describe('Whether the connector writes fields of this type.'),
            isOwn: z.boolean().describe('Every booking gives it: the times of an Event.'),
            placeholder: z.string().nullable().describe('Which placeholder fits; null when none does.'),
            picklistValues: z.array(z.string()),
            remedies,
            isCreated: z.boolean().describe('Whether the rules create records of the object at all.'),
            team: coverage,
            pages: z.record(z.string(), coverage).describe('Pages where it is different.'),
          }),
        ),
      }),
      audited: null,
    },
    readRequiredFields,
  ),
  listPages: order(
    {
      role: 'member',
      args: nothing,
      answer: z.strictObject({
        newPages: z.enum(['on', 'off']).describe('What holds for pages that the settings do not name.'),
        pages: z.array(
          z.strictObject({
            key: pageKey,
            sourceId: z.string(),
            pageId: z.string(),
            name: z.string().nullable(),
            bookings: z.int(),
            lastSeenAt: instant,
            isEnabled: z.boolean(),
            hasOverrides: z.boolean().describe('Whether the settings have something of its own for it.'),
          }),
        ),
      }),
      audited: null,
    },
    listPages,
  ),
  pageTemplate: order(
    {
      role: 'member',
      args: z.strictObject({ key: pageKey }),
      answer: z.strictObject({
        key: pageKey,
        page: pageSchema.describe('To start from: put it under "pages".'),
        fields: z
          .array(
            z.strictObject({
              object,
              field,
              label: z.string(),
              guess: z.string().nullable().describe('The question that sounds like it.'),
              remedies,
            }),
          )
          .describe('Required fields that nothing gives a value for sure.'),
      }),
      audited: null,
    },
    readPageTemplate,
  ),
};
