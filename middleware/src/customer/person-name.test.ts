import { personName } from './person-name';

const given = (name: string | null, firstName: string | null = null, lastName: string | null = null) => ({
  name,
  firstName,
  lastName,
});

describe('personName', () => {
  it.each([
    ['believes a source that gives both parts', given('Wrong', 'Anna', 'van den Berg'), 'Anna', 'van den Berg'],
    ['splits a full name at its last space', given('Anna Maria Berg'), 'Anna Maria', 'Berg'],
    ['splits at an ideographic space', given('佐藤\u3000優希'), '佐藤', '優希'],
    ['takes one word as the last name', given('Carrie'), null, 'Carrie'],
    ['keeps a first name that comes alone', given(null, 'Carrie'), null, 'Carrie'],
    ['joins a first name with a last name given as the name', given('Berg', 'Anna'), 'Anna', 'Berg'],
    ['knows nothing of nobody', given('  '), null, null],
  ])('%s', (_title, name, firstName, lastName) => {
    expect(personName(name)).toEqual({ firstName, lastName });
  });
});
