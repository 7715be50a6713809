import { settingsForPage } from './page-settings';
import { parseSettings } from './settings';

const DOCUMENT = {
  rules: {
    unknownCustomer: 'Lead',
    searchOrder: ['Contact', 'Lead'],
    ambiguous: 'park',
    fallbackOwner: 'team@example.com',
    existing: { Contact: 'fillEmpty' },
    owner: { Lead: { onCreate: { kind: 'user', username: 'lead@example.com' } } },
    recordTypes: { Lead: 'Team', Case: 'Team' },
  },
  mappings: {
    Lead: [
      { field: 'Title', from: 'answers.title' },
      { field: 'Title', text: 'Unknown' },
      { field: 'Company', from: 'customer.company' },
    ],
  },
  required: { Lead: { Company: { text: 'Team' }, Title: { text: 'Team' } } },
  newPages: 'off',
  pages: {
    'cal:own': {
      rules: {
        alsoCreate: 'Case',
        existing: { Lead: 'overwrite' },
        owner: { Lead: { onExisting: { kind: 'host' } } },
        recordTypes: { Lead: null, Case: 'Page' },
      },
      mappings: { Lead: [{ field: 'Title', from: 'answers.job' }] },
      required: { Lead: { Company: { text: 'Page' } } },
    },
    'cal:plain': {},
    'cal:off': { enabled: false },
  },
};
const settings = parseSettings(DOCUMENT);
const ofPage = (page: string | null) => settingsForPage(settings, 'cal', page);

describe('settingsForPage', () => {
  it.each([
    ['own', true],
    ['plain', true],
    ['off', false],
    ['new', false],
    [null, true],
  ])('of page %s: enabled is %s', (page, isEnabled) => {
    expect(ofPage(page).isEnabled).toBe(isEnabled);
  });

  it('writes new pages where the settings say so', () => {
    expect(settingsForPage({ ...settings, newPages: 'on' }, 'cal', 'new').isEnabled).toBe(true);
  });

  it.each(['plain', 'new', null])('takes everything of page %s from the team', (page) => {
    const { rules, mappings, required } = ofPage(page);
    expect({ rules, mappings, required }).toEqual({
      rules: settings.rules,
      mappings: settings.mappings,
      required: expect.objectContaining({ Lead: settings.required.Lead }),
    });
  });

  it('changes rules by object one by one, and leaves the others as the team has them', () => {
    const { rules } = ofPage('own');
    expect(rules).toMatchObject({ alsoCreate: 'Case', fallbackOwner: 'team@example.com', cancel: 'keep' });
    expect(rules.existing).toMatchObject({ Lead: 'overwrite', Contact: 'fillEmpty', Case: 'leave' });
    expect(rules.owner.Lead).toEqual({
      onCreate: { kind: 'user', username: 'lead@example.com' },
      onExisting: { kind: 'host' },
    });
    expect(rules.owner.Contact).toEqual(settings.rules.owner.Contact);
    expect(rules.recordTypes).toEqual({ Case: 'Page' });
  });

  it("takes a field's rows from the page alone, and the other fields' from the team", () => {
    expect(ofPage('own').mappings.Lead).toEqual([
      { field: 'Company', from: 'customer.company', cut: false },
      { field: 'Title', from: 'answers.job', cut: false },
    ]);
    expect(ofPage('own').mappings.Event).toEqual(settings.mappings.Event);
  });

  it('changes chosen values one by one', () => {
    expect(ofPage('own').required.Lead).toEqual({ Company: { text: 'Page' }, Title: { text: 'Team' } });
  });

  it('finds no page by the name of something that every object has', () => {
    expect(settingsForPage(settings, 'constructor', 'name').isEnabled).toBe(false);
  });
});
