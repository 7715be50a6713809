import { XMLParser } from 'fast-xml-parser';

/** A metadata element: text, or child elements by name. Repeated children are arrays; use the helpers below to read. */
export type XmlNode = string | XmlNode[] | { [name: string]: XmlNode };

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true });

/**
 * Parses one metadata file and returns the element that is its root.
 *
 * @throws when the file is no XML or has another root; the message names the file.
 */
export function parseMetadata(path: string, text: string, root: string): { [name: string]: XmlNode } {
  const document = parser.parse(text) as { [name: string]: XmlNode };
  const node = document[root];
  if (typeof node !== 'object' || Array.isArray(node)) throw new Error(`${path}: expected a <${root}> element`);
  return node;
}

/** The child elements of a name: none, one or many, always as a list. */
export function children(node: XmlNode | undefined, name: string): { [name: string]: XmlNode }[] {
  if (typeof node !== 'object' || Array.isArray(node)) return [];
  const found = node[name];
  const list = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return list.filter(
    (child): child is { [name: string]: XmlNode } => typeof child === 'object' && !Array.isArray(child),
  );
}

/** The first child element of a name, or undefined. */
export function child(node: XmlNode | undefined, name: string): { [name: string]: XmlNode } | undefined {
  return children(node, name)[0];
}

/** The text of a child element, or undefined when it is absent or empty. */
export function text(node: XmlNode | undefined, name: string): string | undefined {
  if (typeof node !== 'object' || Array.isArray(node)) return undefined;
  const found = node[name];
  const first = Array.isArray(found) ? found[0] : found;
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** Whether a child element says `true`. */
export function isTrue(node: XmlNode | undefined, name: string): boolean {
  return text(node, name) === 'true';
}

/** The number in a child element, or undefined. */
export function number(node: XmlNode | undefined, name: string): number | undefined {
  const value = text(node, name);
  return value === undefined ? undefined : Number(value);
}
