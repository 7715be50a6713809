import { DEFAULT_SETTINGS } from './settings';
import { fillText, findValueName, namesInText, nearestValueName, VALUE_NAMES } from './value-names';

describe('VALUE_NAMES', () => {
  it('names each once, with a sentence', () => {
    expect(new Set(VALUE_NAMES.map(({ name }) => name)).size).toBe(VALUE_NAMES.length);
    for (const { name, description } of VALUE_NAMES)
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
  });

  it('has everything that the default mappings use, and none of that is secret', () => {
    const rows = Object.values(DEFAULT_SETTINGS.mappings).flat();
    const names = rows.flatMap(({ from, text }) => [...(from === undefined ? [] : [from]), ...namesInText(text ?? '')]);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      const known = findValueName(name);
      expect([name, known === null, known?.isSecret]).toEqual([name, false, undefined]);
    }
  });
});

describe('findValueName', () => {
  it.each([
    ['customer.email', 'customer.email'],
    ['answers.What is your budget?', 'answers.<key>'],
    ['answers.a.b', 'answers.<key>'],
    ['campaign.utm_source', 'campaign.<key>'],
    ['answers.', undefined],
    ['answers', undefined],
    ['customer', undefined],
    ['customer.Email', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s is %s', (name, expected) => {
    expect(findValueName(name)?.name).toBe(expected);
  });
});

describe('nearestValueName', () => {
  it.each([
    ['customer.Email', 'customer.email'],
    ['customer.first_name', 'customer.firstName'],
    ['guest.email', 'customer.email'],
    ['company', 'customer.company'],
    ['favourite.colour', null],
    ['', null],
  ])('%s was probably meant to be %s', (name, expected) => {
    expect(nearestValueName(name)).toBe(expected);
  });
});

describe('namesInText and fillText', () => {
  it.each([
    ['Booked on {page.name}', ['page.name'], 'Booked on <page.name>'],
    ['{ customer.name }: {answers.a b}', ['customer.name', 'answers.a b'], '<customer.name>: <answers.a b>'],
    ['{} and {none', [], '{} and {none'],
    ['plain', [], 'plain'],
  ])('%s', (text, names, filled) => {
    expect(namesInText(text)).toEqual(names);
    expect(fillText(text, (name) => `<${name}>`)).toBe(filled);
  });

  it('writes nothing for what has no value', () => {
    expect(fillText('a{x}b', () => null)).toBe('ab');
  });
});
