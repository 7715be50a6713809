import { candidate, CONTACT_ID, EVENT_ID, LEAD_ID, settingsWith, written } from '../../test/support/candidate';
import { field, orgView } from '../../test/support/schema';
import type { Settlement } from '../booking/booking.store';
import type { Written } from '../booking/outcome';
import type { RelationRow } from '../plan/plan';
import type { RowResult } from '../salesforce/composite';
import { relationsToWrite, settleRelations } from './relations';

const NOW = new Date('2026-10-05T01:12:11.000Z');
const USER_ID = '005000000000007AAA';
const CAMPAIGN_ID = '701000000000001AAA';
const invitee: RelationRow = { kind: 'invitee', bookingId: 'booking-alpha', relationId: USER_ID };
const member: RelationRow = {
  kind: 'campaignMember',
  bookingId: 'booking-alpha',
  campaignId: CAMPAIGN_ID,
  status: null,
};

const settlement = (before: Written | null = written(), more: Partial<Settlement> = {}): Settlement => ({
  bookingId: 'booking-alpha',
  revision: 3,
  settingsVersion: 7,
  parts: { event: { state: 'written', sobject: 'Event', recordId: EVENT_ID } },
  written: before,
  dueAt: null,
  attempts: 0,
  steps: [],
  ...more,
});

describe('relationsToWrite', () => {
  const rowOf = (relation: RelationRow, before: Written | null, org = orgView()) =>
    relationsToWrite([relation], [settlement(before)], org).map(({ row }) => row);

  it.each<[string, Partial<Written>, object]>([
    ['a Lead', {}, { LeadId: LEAD_ID }],
    [
      'a Contact',
      { whoId: CONTACT_ID, person: { sobject: 'Contact', recordId: CONTACT_ID } },
      { ContactId: CONTACT_ID },
    ],
    [
      'a Person Account, as its contact',
      { whoId: CONTACT_ID, person: { sobject: 'PersonAccount', recordId: '001000000000001AAA' } },
      { ContactId: CONTACT_ID },
    ],
    ['a Lead of whom the Event cannot tell', { whoId: null }, { LeadId: LEAD_ID }],
    ['whom the Event is about, when his update was refused', { person: null }, { LeadId: LEAD_ID }],
  ])('makes a campaign member of %s', (_title, before, expected) => {
    expect(rowOf(member, written(before))).toEqual([
      { attributes: { type: 'CampaignMember' }, CampaignId: CAMPAIGN_ID, ...expected },
    ]);
  });

  it('gives the status that the rule names', () => {
    expect(rowOf({ ...member, status: 'Responded' }, written())).toMatchObject([{ Status: 'Responded' }]);
  });

  it('says that somebody is an invitee where Salesforce asks for it', () => {
    const shared = orgView({ fields: { EventRelation: [field('IsInvitee', { type: 'boolean', length: 0 })] } });
    const row = { attributes: { type: 'EventRelation' }, EventId: EVENT_ID, RelationId: USER_ID };
    expect(rowOf(invitee, written())).toEqual([row]);
    expect(rowOf(invitee, written(), shared)).toEqual([{ ...row, IsInvitee: true }]);
  });

  it.each<[string, RelationRow, Written | null]>([
    ['while the Event is not written', invitee, null],
    ['of whom the Event is about', { ...invitee, relationId: LEAD_ID }, written()],
    ['of nobody', member, written({ whoId: null, person: null })],
  ])('writes nothing %s', (_title, relation, before) => {
    expect(rowOf(relation, before)).toEqual([]);
  });
});

describe('settleRelations', () => {
  const guests = [{ email: 'Guest@example.test' }];
  const settings = settingsWith({
    rules: { guests: 'invite', campaignMember: { campaignId: CAMPAIGN_ID, status: null } },
  });
  const one = candidate('alpha', { settings, state: { guests } });
  const done: RowResult = { success: true, id: '0RE000000000001AAA', created: true };
  const refused = (code: string): RowResult => ({ success: false, errors: [{ code, message: '', fields: [] }] });
  const settled = (
    results: [RelationRow, RowResult | undefined][],
    before = settlement(),
    tried = { attempts: 2, looks: 0 },
  ) =>
    settleRelations(
      before,
      results.map(([relation]) => relation),
      new Map(results),
      one,
      {
        before: tried,
        now: NOW,
        random: () => 1,
      },
    );

  it.each([
    ['made', done],
    ['there already', refused('DUPLICATE_VALUE')],
  ])('remembers what is %s', (_title, result) => {
    const {
      parts,
      written: now,
      dueAt,
    } = settled([
      [invitee, result],
      [member, result],
    ]);
    expect(parts.relations).toMatchObject({ state: 'written', sobject: 'EventRelation' });
    expect(now).toMatchObject({ guests: ['guest@example.test'], campaignId: CAMPAIGN_ID });
    expect(dueAt).toBeNull();
  });

  it('remembers no campaign of which nobody became a member yet', () => {
    expect(settled([[invitee, done]]).written).not.toHaveProperty('campaignId');
  });

  it.each([
    ['is busy', refused('UNABLE_TO_LOCK_ROW')],
    ['was not asked', undefined],
  ])('tries again when the org %s', (_title, result) => {
    const {
      parts,
      dueAt,
      attempts,
      written: now,
    } = settled([
      [invitee, done],
      [member, result],
    ]);
    expect(parts.relations).toMatchObject({ state: 'waiting', isRetried: true });
    expect(dueAt).toEqual(new Date(NOW.getTime() + 8_000));
    expect(attempts).toBe(3);
    expect(now).toEqual(written());
  });

  it('leaves it to the next turn that is due anyway', () => {
    const before = settlement(written(), { dueAt: NOW, attempts: 0 });
    expect(settled([[invitee, refused('UNABLE_TO_LOCK_ROW')]], before)).toMatchObject({ dueAt: NOW, attempts: 0 });
  });

  it('parks what is refused; the Event stays written', () => {
    const { parts, dueAt } = settled([
      [invitee, done],
      [member, refused('INSUFFICIENT_ACCESS_OR_READONLY')],
    ]);
    expect(parts.relations).toMatchObject({ state: 'parked', sobject: 'CampaignMember' });
    expect(parts.event).toMatchObject({ state: 'written' });
    expect(dueAt).toBeNull();
  });
});
