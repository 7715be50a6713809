import { MAX_SOQL_STRING, select, soqlIn, soqlString } from './soql';

describe('soqlString', () => {
  it.each([
    ['plain', "'plain'"],
    ['', "''"],
    ["O'Brien", "'O\\'Brien'"],
    ['back\\slash', "'back\\\\slash'"],
    ["\\' OR Name != '", "'\\\\\\' OR Name != \\''"],
    ['two\nlines\r\tand tab', "'two\\nlines\\r\\tand tab'"],
    ['\b\f', "'\\b\\f'"],
    ['say "hi"', '\'say \\"hi\\"\''],
    ['100% _sure_', "'100% _sure_'"],
    ['佐藤 ü 😀', "'佐藤 ü 😀'"],
  ])('quotes %j', (value, quoted) => {
    expect(soqlString(value)).toBe(quoted);
  });

  it('refuses what is longer than a SOQL literal may be', () => {
    expect(() => soqlString('x'.repeat(MAX_SOQL_STRING + 1))).toThrow(RangeError);
    expect(soqlString('x'.repeat(MAX_SOQL_STRING))).toHaveLength(MAX_SOQL_STRING + 2);
  });
});

describe('soqlIn', () => {
  it('lists each value once', () => {
    expect(soqlIn('Email', ['a@example.com', "b'@example.com", 'a@example.com'])).toBe(
      "Email IN ('a@example.com','b\\'@example.com')",
    );
  });

  it('refuses an empty list', () => {
    expect(() => soqlIn('Email', [])).toThrow(RangeError);
  });

  it('refuses a name that is no field', () => {
    expect(() => soqlIn("Email) OR (Name != '", ['a'])).toThrow(TypeError);
  });
});

describe('select', () => {
  it('selects each field once', () => {
    expect(select(['Id', 'Owner.IsActive', 'Id'], 'Event', soqlIn('Id', ['00U1']))).toBe(
      "SELECT Id,Owner.IsActive FROM Event WHERE Id IN ('00U1')",
    );
  });

  it.each([
    [[], 'Event', RangeError],
    [['Id FROM User WHERE Id != null --'], 'Event', TypeError],
    [['Id'], 'Event, User', TypeError],
    [['1Id'], 'Event', TypeError],
  ])('refuses %j from %j', (fields, sobject, error) => {
    expect(() => select(fields, sobject, 'Id != null')).toThrow(error);
  });
});
