import { parseXml, XmlFault } from './parse-xml';
import { child, isTrue, number, text } from './xml-element';
import { writeMetadataXml } from './write-xml';

it('tells where each start tag ends, and reads texts without the space around them', () => {
  const root = parseXml(
    '<?xml version="1.0"?>\n<A xmlns="urn:a">\n    <b>  x &amp; y\n</b>\n  <c/>\n  <d>true</d><e>7</e>\n</A>',
  );
  expect(child(root, 'b')).toMatchObject({ namespace: 'urn:a', line: 3, column: 8, text: 'x & y' });
  expect([text(root, 'c'), isTrue(root, 'd'), number(root, 'e'), text(root, 'f')]).toEqual([
    undefined,
    true,
    7,
    undefined,
  ]);
});

it.each([
  ['an end tag too few', '<a>\n<b></a>', 2],
  ['a second root', '<a></a>\n<b></b>', 2],
  ['an unknown entity', '<a>\n\n&nope;</a>', 3],
  ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a></a>', 1],
  ['nothing', '', 1],
])('refuses %s, with the line', (_what, document, line) => {
  let fault: unknown;
  try {
    parseXml(document);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(XmlFault);
  expect(fault).toMatchObject({ line });
});

it('writes what it read', () => {
  const document = '<A xmlns="http://soap.sforce.com/2006/04/metadata"><b>x &lt; "y"</b><c><d/></c></A>';
  const again = parseXml(writeMetadataXml(parseXml(document)));
  expect(child(again, 'b')?.text).toBe('x < "y"');
  expect(child(child(again, 'c'), 'd')?.text).toBe('');
});
