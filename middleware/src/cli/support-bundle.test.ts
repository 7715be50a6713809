import { withoutAddresses } from './support-bundle';

it.each([
  ['"why":"ana.lee+x@host.example is no user"', '"why":"<e-mail> is no user"'],
  ['"fallbackOwner":"ops@acme.example.sandbox"', '"fallbackOwner":"<e-mail>"'],
  ['{"hostUsers":{"a@b.example":"c@d.example"}}', '{"hostUsers":{"<e-mail>":"<e-mail>"}}'],
  ['two: a@b.example, c@d.example.', 'two: <e-mail>, <e-mail>.'],
  ['no address in here, nor at @all', 'no address in here, nor at @all'],
])('takes addresses out of %s', (text, expected) => {
  expect(withoutAddresses(text)).toBe(expected);
});
