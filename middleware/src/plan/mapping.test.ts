import { candidate } from '../../test/support/candidate';
import { field, orgView, picklist } from '../../test/support/schema';
import type { Step } from '../booking/outcome';
import type { OrgView } from '../salesforce/org-view';
import type { MappingRow } from '../settings/mapping-row';
import type { MappedObject } from '../settings/objects';
import type { Rules } from '../settings/rules';
import { DEFAULT_SETTINGS } from '../settings/settings';
import { mapFields } from './mapping';
import { valuesOf } from './values';

const org = orgView({
  fields: {
    Lead: [
      field('Title', { length: 10 }),
      field('Code__c', { updateable: false }),
      field('Formula__c', { createable: false, updateable: false }),
      field('Vip__c', { type: 'boolean', length: 0, nillable: false, defaultedOnCreate: true }),
      picklist('Rating', ['Hot', 'Cold']),
    ],
  },
});

const { booking } = candidate('alpha', {
  state: { answers: { title: 'CEO', long: 'Chief Executive Officer', rating: 'hot', none: '' } },
});

const NOW = new Date('2026-10-05T01:12:11.000Z');

function mapRows(
  rows: Partial<MappingRow>[],
  {
    mode = 'create',
    existing = null,
    view = org,
    object = 'Lead',
    rules = {},
  }: {
    mode?: 'create' | 'update';
    existing?: Record<string, unknown> | null;
    view?: OrgView;
    object?: MappedObject;
    rules?: Partial<Rules>;
  } = {},
) {
  const steps: Step[] = [];
  const { mappings, rules: defaults, placeholders } = DEFAULT_SETTINGS;
  const filled = rows.map((row) => ({ field: 'Title', cut: false, ...row }));
  const settings = { mappings: { ...mappings, [object]: filled }, rules: { ...defaults, ...rules }, placeholders };
  return {
    ...mapFields({ object, settings, values: valuesOf(booking), mode, existing, now: NOW }, view, steps),
    steps,
  };
}

const map = (row: Partial<MappingRow>, options: Parameters<typeof mapRows>[1] = {}) =>
  mapRows([{ when: 'always', ...row }], options);

describe('mapFields', () => {
  it.each<[string, Partial<MappingRow>, Record<string, unknown>]>([
    ['a value of the booking', { from: 'answers.title' }, { Title: 'CEO' }],
    ['a fixed text', { text: 'Booked' }, { Title: 'Booked' }],
    ['a text with values', { text: '{ answers.title }, {source.id}{answers.unknown}' }, { Title: 'CEO, cal' }],
    ['a value that is cut', { from: 'answers.long', cut: true }, { Title: 'Chief Exec' }],
    ['a picklist value as the org spells it', { field: 'Rating', from: 'answers.rating' }, { Rating: 'Hot' }],
    ['no value, to be empty', { from: 'answers.unknown' }, { Title: null }],
    ['a text of which nothing is left, to be empty', { text: '{answers.unknown}' }, { Title: null }],
    ['nothing into a field that is never empty', { field: 'Vip__c', from: 'answers.none' }, {}],
    ['nothing into a field that is to be filled only', { from: 'answers.none', when: 'onlyIfEmpty' }, {}],
  ])('writes %s', (_title, row, expected) => {
    expect(map(row)).toMatchObject({ fields: expected, steps: [], unfit: [] });
  });

  it.each<[string, Partial<MappingRow>, string, string]>([
    [
      'that the org lacks',
      { field: 'Gone__c' },
      'Lead.Gone__c',
      'left out: the org has no such field, or the user may not see it',
    ],
    [
      'named like a part of every object',
      { field: 'constructor' },
      'Lead.constructor',
      'left out: the org has no such field, or the user may not see it',
    ],
    [
      'that may not be written',
      { field: 'Formula__c' },
      'Lead.Formula__c',
      'left out: the user may not write the field',
    ],
    [
      'that the value does not fit',
      { from: 'answers.long' },
      'Lead.Title',
      "left out: the value is longer than the field's 10 characters",
    ],
    [
      'whose picklist lacks the value',
      { field: 'Rating', from: 'answers.title' },
      'Lead.Rating',
      'left out: the value is no active value of the picklist',
    ],
  ])('leaves out a field %s, and says so', (_title, row, step, outcome) => {
    expect(map({ from: 'answers.title', ...row })).toMatchObject({ fields: {}, steps: [{ step, outcome }], unfit: [] });
  });

  it.each<[MappedObject, string, string | null]>([
    ['Lead', 'Booking_Customer_Id__c', null],
    ['PersonAccount', 'Booking_Customer_Id__c', null],
    ['Case', 'Booking_Id__c', null],
    ['Lead', 'OwnerId', null],
    ['Contact', 'RecordTypeId', null],
    ['Event', 'StartDateTime', null],
    ['Contact', 'Booking_Customer_Id__c', null],
    ['Event', 'Booking_Id__c', null],
    ['Event', 'bkconn__Booking_Id__c', 'bkconn'],
    ['Event', 'Booking_Id__c', 'bkconn'],
    ['Event', 'OwnerId', null],
    ['Event', 'WhoId', null],
    ['Event', 'WhatId', null],
  ])('leaves %s.%s to the connector (namespace %s)', (object, name, namespace) => {
    const row = { field: name, from: 'answers.title' };
    for (const mode of ['create', 'update'] as const) {
      const { fields, steps } = map(row, { object, mode, view: orgView({ namespace }) });
      expect(fields).toEqual({});
      expect(steps).toEqual([
        {
          step: expect.stringContaining(name.replace('bkconn__', '')),
          outcome: 'left out: the connector fills it itself',
        },
      ]);
    }
  });

  it('counts the right to change in an update, the right to create in a create', () => {
    const row = { field: 'Code__c', from: 'answers.title' };
    expect(map(row).fields).toEqual({ Code__c: 'CEO' });
    expect(map(row, { mode: 'update' }).fields).toEqual({});
  });

  it.each<[MappingRow['when'], unknown, Record<string, unknown>]>([
    ['always', 'CFO', { Title: 'CEO' }],
    ['onCreate', null, {}],
    ['onlyIfEmpty', 'CFO', {}],
    ['onlyIfEmpty', null, { Title: 'CEO' }],
    ['onlyIfEmpty', '', { Title: 'CEO' }],
    ['onlyIfEmpty', undefined, { Title: 'CEO' }],
  ])('in an update, "%s" over %j', (when, held, expected) => {
    expect(map({ from: 'answers.title', when }, { mode: 'update', existing: { Title: held } }).fields).toEqual(
      expected,
    );
  });

  it('writes the fields of the package under their name in the org', () => {
    const view = orgView({ namespace: 'bkconn' });
    const row = { field: 'Meeting_Type__c', from: 'page.name' };
    expect(map(row, { object: 'Event', view }).fields).toEqual({ bkconn__Meeting_Type__c: 'Product demo' });
  });

  it('takes the first row with a value where several name one field', () => {
    const rows = [{ from: 'answers.none' }, { from: 'answers.title' }, { text: 'third' }];
    expect(mapRows(rows)).toMatchObject({ fields: { Title: 'CEO' }, rules: { Title: 'answers.title' } });
  });

  it('goes on with the next row when a value does not fit', () => {
    expect(mapRows([{ from: 'answers.long' }, { from: 'answers.title' }]).fields).toEqual({ Title: 'CEO' });
  });

  it.each<[Rules['existing']['Lead'], unknown, Record<string, unknown>]>([
    ['leave', null, {}],
    ['fillEmpty', null, { Title: 'CEO' }],
    ['fillEmpty', 'CFO', {}],
    ['overwrite', 'CFO', { Title: 'CEO' }],
  ])('follows the rule "%s" over %j where a row says nothing', (rule, held, expected) => {
    const rules = { existing: { ...DEFAULT_SETTINGS.rules.existing, Lead: rule } };
    const existing = { Title: held };
    expect(mapRows([{ from: 'answers.title' }], { mode: 'update', existing, rules }).fields).toEqual(expected);
  });

  it('writes Event fields always where a row says nothing', () => {
    const view = orgView({ fields: { Event: [field('Title')] } });
    const existing = { Title: 'CFO' };
    expect(mapRows([{ from: 'answers.title' }], { mode: 'update', existing, view, object: 'Event' }).fields).toEqual({
      Title: 'CEO',
    });
  });

  it.each<[MappingRow['ifBad'], Rules['badValue'], Record<string, unknown>, string[]]>([
    [undefined, 'leaveOut', {}, []],
    [undefined, 'placeholder', { Title: 'Unspecifie' }, []],
    [undefined, 'park', {}, ['Title']],
    ['park', 'leaveOut', {}, ['Title']],
    ['leaveOut', 'park', {}, []],
    ['placeholder', 'park', { Title: 'Unspecifie' }, []],
  ])(
    'does with a value that does not fit what the row (%s) and the rule (%s) say',
    (ifBad, badValue, fields, unfit) => {
      const mapped = mapRows([{ from: 'answers.long', ...(ifBad === undefined ? {} : { ifBad }) }], {
        rules: { badValue },
      });
      expect(mapped.fields).toEqual(fields);
      expect(mapped.unfit.map(({ field: name }) => name)).toEqual(unfit);
    },
  );

  it('has no placeholder for a picklist: no value can stand for "unknown"', () => {
    const row = { field: 'Rating', from: 'answers.title' };
    expect(mapRows([row], { rules: { badValue: 'placeholder' } })).toMatchObject({ fields: {}, unfit: [] });
  });
});
