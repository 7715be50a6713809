import { SaxesParser } from 'saxes';
import type { XmlElement } from './xml-element';

/** A document that is not well-formed. */
export class XmlFault extends Error {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
    this.name = 'XmlFault';
  }
}

/**
 * Parses a document and returns its root.
 *
 * @throws XmlFault at the first place where the document is not well-formed.
 */
export function parseXml(document: string): XmlElement {
  // A document type could pull in entities from elsewhere; no metadata file has one.
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  parser.on('opentag', (tag) => {
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      line: parser.line,
      column: parser.column + 1,
      attributes: Object.fromEntries(Object.values(tag.attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element) element.text = element.text.trim();
  });
  parser.on('doctype', () => {
    throw new XmlFault('A document type is not allowed.', parser.line, parser.column + 1);
  });
  parser.on('error', (error) => {
    // The parser puts its own position before its words.
    const message = error.message.replace(/^\d+:\d+: /, '');
    throw new XmlFault(message, parser.line, parser.column + 1);
  });
  parser.write(document).close();
  if (!root) throw new XmlFault('Premature end of file.', 1, 1);
  return root;
}
