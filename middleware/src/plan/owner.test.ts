import { candidate, HOST_ID, settingsWith } from '../../test/support/candidate';
import { decisionOf, OTHER_HOST_ID, ownerOf, plan, recordOf } from '../../test/support/plan';
import { field, orgView } from '../../test/support/schema';
import type { OwnerRule } from '../settings/rules';

const QUEUE_ID = '00G000000000001AAA';
const directory = {
  users: new Map([['rep@org.example', OTHER_HOST_ID]]),
  queues: new Map([['inbound', QUEUE_ID]]),
};

describe('the owner of a new Lead', () => {
  const planned = (rule: OwnerRule, org = orgView(), ownerId: string | null = HOST_ID) => {
    const settings = settingsWith({ rules: { owner: ownerOf('Lead', { onCreate: rule }) } });
    const one = candidate('alpha', { settings });
    // An Event that is switched off needs no owner.
    one.settings.settings = { ...one.settings.settings, rules: { ...one.settings.settings.rules, event: 'off' } };
    const plans = plan([[one, { ownerId }]], org, directory);
    const { fields, autoAssign } = recordOf(plans, 'Lead');
    return { ownerId: fields['OwnerId'], autoAssign, steps: decisionOf(plans, one).steps };
  };

  it.each<[string, OwnerRule, object]>([
    ['the host', { kind: 'host' }, { ownerId: HOST_ID, autoAssign: false }],
    ['a user, in any case', { kind: 'user', username: 'Rep@Org.example' }, { ownerId: OTHER_HOST_ID }],
    ['a queue, in any case', { kind: 'queue', queue: 'Inbound' }, { ownerId: QUEUE_ID }],
    ['whom the assignment rules choose', { kind: 'assignmentRules' }, { ownerId: undefined, autoAssign: true }],
    ['the API user', { kind: 'keep' }, { ownerId: undefined, autoAssign: false }],
  ])('is %s', (_title, rule, expected) => {
    expect(planned(rule)).toMatchObject(expected);
  });

  it.each<[string, OwnerRule, string]>([
    [
      'a user who is not there',
      { kind: 'user', username: 'gone@org.example' },
      'the user gone@org.example: none of that name; the owner stays',
    ],
    [
      'a queue that is not there',
      { kind: 'queue', queue: 'Gone' },
      'the queue Gone: none of that name; the owner stays',
    ],
    [
      'a host who is no user',
      { kind: 'host' },
      "the host's user or the fallback owner: none of that name; the owner stays",
    ],
  ])('stays with %s, and the log says why', (_title, rule, outcome) => {
    const { ownerId, steps } = planned(rule, orgView(), null);
    expect(ownerId).toBeUndefined();
    expect(steps).toContainEqual({ step: 'owner of the Lead', outcome });
  });

  it('stays where the user may not write it', () => {
    const org = orgView({ fields: { Lead: [field('OwnerId', { createable: false })] } });
    const { ownerId, steps } = planned({ kind: 'host' }, org);
    expect(ownerId).toBeUndefined();
    expect(steps).toContainEqual({
      step: 'owner of the Lead',
      outcome: 'stays: the user may not write the field OwnerId',
    });
  });
});

it('assignment rules are for Leads and Cases only', () => {
  const settings = settingsWith({
    rules: {
      unknownCustomer: 'Contact',
      searchOrder: ['Contact'],
      owner: ownerOf('Contact', { onCreate: { kind: 'assignmentRules' } }),
    },
  });
  const plans = plan([[candidate('alpha', { settings }), { person: { kind: 'create', object: 'Contact' } }]]);
  expect(recordOf(plans, 'Contact').autoAssign).toBe(false);
});
