/** An element of a parsed document. Lines and columns count from 1. */
export interface XmlElement {
  /** The name without its prefix. */
  name: string;
  /** The namespace that the name belongs to; empty when it belongs to none. */
  namespace: string;
  /** Where the element's start tag ends: the place that the Metadata API names in its faults. */
  line: number;
  column: number;
  /** Attributes by their full name, `xsi:nil` among them. */
  attributes: Record<string, string>;
  children: XmlElement[];
  /** The text directly inside, trimmed; empty when there is none. */
  text: string;
}

/** The child elements of a name, in their order. */
export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The first child element of a name, or undefined. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((other) => other.name === name);
}

/** The text of the first child of a name, or undefined when it is absent or empty. */
export function text(element: XmlElement | undefined, name: string): string | undefined {
  const found = child(element, name)?.text;
  return found === '' ? undefined : found;
}

/** Whether a child element says `true`. */
export function isTrue(element: XmlElement | undefined, name: string): boolean {
  return text(element, name) === 'true';
}

/** The number in a child element, or undefined. */
export function number(element: XmlElement | undefined, name: string): number | undefined {
  const value = text(element, name);
  return value === undefined ? undefined : Number(value);
}

/** Every element inside, the element itself first. */
export function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const inner of element.children) yield* descendants(inner);
}

/** A plain element, for documents that are written rather than read. */
export function makeElement(name: string, content: string | XmlElement[] = []): XmlElement {
  return {
    name,
    namespace: '',
    line: 1,
    column: 1,
    attributes: {},
    children: typeof content === 'string' ? [] : content,
    text: typeof content === 'string' ? content : '',
  };
}
