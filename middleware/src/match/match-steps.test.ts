import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MATCH_STEPS } from './match-steps';

it('docs/matching.md tells the steps in the order in which they are taken', () => {
  const text = readFileSync(join(__dirname, '../../../docs/matching.md'), 'utf8');
  const headings = [...text.matchAll(/^### (\d+)\. (.+)$/gm)].map(([, number, title]) => [
    number,
    title?.toLowerCase(),
  ]);
  expect(headings).toEqual(MATCH_STEPS.map(({ by }, index) => [String(index + 1), by.toLowerCase()]));
});
