import type { Step } from '../../booking/outcome';
import { stepsView, stepView } from './step-view';

type Logged = Step & Record<string, unknown>;

const text = (step: Logged): string =>
  stepView(step)
    .text.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('stepView', () => {
  it.each<[string, Logged, string]>([
    ['what every step tells', { step: 'Lead by e-mail', outcome: 'none' }, 'Lead by e-mail none'],
    [
      'a list of alike things as a table',
      {
        step: 'write',
        outcome: 'sent',
        fields: [
          { field: 'Subject', before: 'A', after: 'B' },
          { field: 'Location', after: null },
        ],
      },
      'write sent fields field before after Subject A B Location (empty) (empty)',
    ],
    [
      'an object of objects as a table',
      { step: 'write', outcome: 'sent', changes: { Subject: { old: 'A', new: 1 } } },
      'write sent changes field old new Subject A 1',
    ],
    ['an object', { step: 's', outcome: 'o', at: { id: '00Q1' } }, 's o at id 00Q1'],
    ['a list', { step: 's', outcome: 'o', ids: ['a', 'b'] }, 's o ids a, b'],
    ['nothing of what is empty', { step: 's', outcome: 'o', more: null }, 's o'],
  ])('shows %s', (_what, step, expected) => {
    expect(text(step)).toBe(expected);
  });

  it('escapes what people typed', () => {
    expect(stepView({ step: '<b>', outcome: '"', v: ['<script>'] } as Logged).text).not.toMatch(/<b>|<script>/);
  });
});

describe('the steps of a turn', () => {
  const field = (name: string) => ({ step: `Lead.${name}`, outcome: 'set by x', before: null, after: 'Acme & Co' });

  it('show fields with old and new value and what set them, apart from what was decided', () => {
    const { text } = stepsView([{ step: 'unknown customer', outcome: 'a new Lead' }, field('Company')]);
    const [steps = '', fields = ''] = text.split('<details open>');
    expect(steps).toContain('unknown customer');
    expect(steps).not.toContain('Lead.Company');
    expect(fields).toContain('1 field to write');
    expect(fields.replace(/<[^>]*>|\s+/g, ' ')).toMatch(/Lead\.Company +empty +Acme &amp; Co +set by x/);
  });

  it('fold many fields away, and have no table where nothing is written', () => {
    expect(stepsView(['A', 'B', 'C', 'D', 'E', 'F'].map(field)).text).toMatch(/<details\s*>/);
    expect(stepsView([{ step: 'a', outcome: 'b' }]).text).not.toContain('<details');
  });
});
