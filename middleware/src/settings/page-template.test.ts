import { field, orgView } from '../../test/support/schema';
import { guessAnswer, pageTemplate } from './page-template';
import { DEFAULT_SETTINGS, parseSettings } from './settings';

const ORG = orgView({ fields: { Lead: [field('Team_Size__c', { label: 'Team size', nillable: false })] } });

describe('guessAnswer', () => {
  it.each([
    ['Team size', 'Team_Size__c', ['Budget', 'Team size'], 'Team size'],
    ['Size', 'TeamSize__c', ['team_size'], 'team_size'],
    ['Company', 'Company', ['Your company name?'], 'Your company name?'],
    ['Preferred time of day', 'Time__c', ['preferred time'], 'preferred time'],
    ['Company', 'Company', ['accompanying persons'], null],
    ['Company', 'Company', ['a', 'any'], null],
    ['会社名', 'Kaisha__c', ['会社名'], '会社名'],
    ['Company', 'Company', [], null],
  ])('%s (%s) among %j: %s', (label, name, answers, expected) => {
    expect(guessAnswer({ label, field: name }, answers)).toBe(expected);
  });
});

describe('pageTemplate', () => {
  const seen = { name: 'Demo', answers: ['Team size', 'Anything else?'] };

  it('has a row for each required field that nothing fills for sure, before the rows that it has', () => {
    const { page, fields } = pageTemplate(
      DEFAULT_SETTINGS,
      undefined,
      { ...seen, answers: ['company', 'Team size'] },
      ORG,
    );
    expect(page).toEqual({
      name: 'Demo',
      enabled: true,
      mappings: {
        Lead: [
          { field: 'Company', from: 'answers.company', cut: true },
          { field: 'Company', from: 'customer.company', cut: true },
          { field: 'Team_Size__c', from: 'answers.Team size', cut: true },
        ],
      },
    });
    expect(fields.map(({ field: name, guess }) => [name, guess])).toEqual([
      ['Company', 'company'],
      ['Team_Size__c', 'Team size'],
    ]);
  });

  it('leaves to the admin what no question sounds like, with what can be done', () => {
    const { page, fields } = pageTemplate(DEFAULT_SETTINGS, undefined, { name: null, answers: [] }, ORG);
    expect(page).toEqual({ enabled: true });
    expect(fields.map(({ guess }) => guess)).toEqual([null, null]);
    expect(fields[0]?.remedies[0]).toContain('required on the booking page');
  });

  it('keeps what the page has, and asks for nothing that is covered', () => {
    const own = { enabled: false, required: { Lead: { Company: { text: 'x' }, Team_Size__c: { text: '1' } } } };
    expect(pageTemplate(DEFAULT_SETTINGS, own, seen, ORG)).toEqual({ page: { name: 'Demo', ...own }, fields: [] });
  });

  it('is a page that the document takes', () => {
    const { page } = pageTemplate(DEFAULT_SETTINGS, undefined, seen, ORG);
    expect(() => parseSettings({ ...DEFAULT_SETTINGS, pages: { 'cal:demo': page } })).not.toThrow();
  });
});
