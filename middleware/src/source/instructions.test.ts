import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  connectPageOf,
  defaultCompleteAfterMinutes,
  instructionsFor,
  instructionsInWords,
  type Instruction,
} from './instructions';
import { INSTRUCTIONS } from './instructions-by-kind';
import { kinds, OWN_MAPPING } from './kinds';

const ROOT = join(__dirname, '../../..');
const KINDS = [...INSTRUCTIONS.keys()];

/** The id of the source in the page of a kind. */
const idOf = (kind: string) => `my-${basename(connectPageOf(kind), '.md')}`;

const exampleOf = (kind: string) =>
  instructionsFor(kind, { webhookUrl: `https://bookings.example.com/webhooks/${idOf(kind)}`, secret: '<secret>' });

/** The steps as they stand in the page of a kind. */
function inMarkdown(instructions: Instruction[]): string {
  return instructions
    .map(({ text, values = [], undocumented }, index) => {
      const indent = ' '.repeat(String(index + 1).length + 2);
      const note = undocumented === undefined ? '' : ` _Not documented: ${undocumented}._`;
      const items = values.map((value) => `${indent}- \`${value}\`\n`);
      const end = values.length === 0 ? '.' : note === '' ? ':' : '.';
      return `${index + 1}. ${text}${end}${note}\n${items.join('')}`;
    })
    .join('');
}

describe.each(KINDS)('the instructions of %s', (kind) => {
  const page = readFileSync(join(ROOT, connectPageOf(kind)), 'utf8');

  it('are those of its page', () => {
    const [, steps] = /<!-- steps -->\n([^]*?)<!-- \/steps -->/.exec(page) ?? [];
    expect(steps?.trim()).toBe(inMarkdown(exampleOf(kind)).trim());
  });

  it('name the address, the secret or whence it comes, and how to try it', () => {
    const values = exampleOf(kind).flatMap(({ values: named }) => named ?? []);
    expect(values).toContain(`https://bookings.example.com/webhooks/${idOf(kind)}`);
    expect(values.join('\n')).toMatch(/<secret>|--secret </);
    expect(values).toContain(`booking-connector source test ${idOf(kind)}`);
  });

  it('stand in a page that says what an admin has to know', () => {
    for (const question of ['Which plan?', 'down?', 'switched off', 'order', 'Signature', 'Completed?', 'No-show?'])
      expect(page).toContain(question);
    for (const heading of ['## Steps', '## Which record, which campaign', '## Oddities', '## Try it'])
      expect(page).toContain(heading);
    expect(page).toContain(`source create ${idOf(kind)} --kind ${kind}`);
    expect(page).toContain('None of it was tried on a live account.');
  });

  it('are completed by the clock exactly where the page says that the system never tells', () => {
    const isNever = /\| Completed\?\s*\| \*\*never\.\*\*/.test(page);
    expect(defaultCompleteAfterMinutes(kind)).toBe(isNever ? 0 : null);
  });
});

describe('instructionsFor', () => {
  it('has none for a kind that there is not', () => {
    expect(instructionsFor('nope', { webhookUrl: 'https://x.example/webhooks/a', secret: 's' })).toEqual([]);
  });

  it('names the header that the mapping names', () => {
    const context = { webhookUrl: 'https://x.example/webhooks/a', secret: 's3', tokenHeader: 'x-own' };
    expect(instructionsInWords(instructionsFor('mapped', context))).toContain('     x-own: s3\n');
  });

  it('are printed as a list with what to type below each step', () => {
    const words = instructionsInWords([
      { text: 'Enter this', values: ['a', 'b'], undocumented: 'where' },
      { text: 'Save' },
    ]);
    expect(words).toBe('1. Enter this:\n     a\n     b\n   Not documented: where.\n2. Save.');
  });
});

it('has instructions for every kind', () => {
  expect([...kinds.keys(), OWN_MAPPING].filter((kind) => !KINDS.includes(kind))).toEqual([]);
});

it('has no page without instructions', () => {
  const pages = readdirSync(join(ROOT, 'docs/connect')).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(KINDS.map((kind) => basename(connectPageOf(kind))).sort());
});
