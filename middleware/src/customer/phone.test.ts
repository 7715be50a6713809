import { phoneDigits, phoneForms } from './phone';

describe('phoneForms', () => {
  it('knows a number with its country in the forms of that country', () => {
    const forms = phoneForms('+81 90-1234-5678');
    expect(forms?.spellings).toEqual([
      '+81 90-1234-5678',
      '+819012345678',
      '819012345678',
      '+81 90 1234 5678',
      '+81-90-1234-5678',
      '090-1234-5678',
      '09012345678',
      '090 1234 5678',
      '(090) 1234-5678',
    ]);
    expect([...(forms?.digits ?? [])]).toEqual(['819012345678', '09012345678']);
  });

  it.each([
    ['+1 415 555 0123', '(415) 555-0123'],
    ['4155550123', '(415) 555-0123'],
    ['415.555.0123', '415-555-0123'],
    ['09012345678', '090-1234-5678'],
    ['03 1234 5678', '03-1234-5678'],
    ['０９０－１２３４－５６７８', '090-1234-5678'],
    ['+44 20 7946 0958', '020 7946 0958'],
    ['+1 415 555 0123 ext. 12', '(415) 555-0123'],
  ])('asks of %s for %s too', (phone, spelling) => {
    expect(phoneForms(phone)?.spellings).toContain(spelling);
  });

  it('does not guess the country of a number without one', () => {
    expect([...(phoneForms('090-1234-5678')?.digits ?? [])]).toEqual(['09012345678']);
  });

  it.each([
    ['nothing', null],
    ['an empty text', ' '],
    ['no number', 'call me'],
    ['an extension', '4711'],
    ['one digit again and again', '000-0000-0000'],
  ])('takes %s for no number', (_title, phone) => {
    expect(phoneForms(phone)).toBeNull();
  });
});

it('compares by digits alone', () => {
  expect(phoneDigits('(415) 555-０123')).toBe('4155550123');
});
