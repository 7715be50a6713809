import type { XmlElement } from './xml-element';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as it stands inside an element or an attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

/** An element as a document of its own, indented by four, in the Metadata API's namespace. */
export function writeMetadataXml(root: XmlElement): string {
  const attributes = { xmlns: 'http://soap.sforce.com/2006/04/metadata', ...root.attributes };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${writeElement({ ...root, attributes }, '')}`;
}

function writeElement({ name, attributes, children, text }: XmlElement, indent: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const start = `${indent}<${name}${written.join('')}`;
  if (children.length > 0) {
    return `${start}>\n${children.map((child) => writeElement(child, `${indent}    `)).join('')}${indent}</${name}>\n`;
  }
  return text === '' ? `${start}/>\n` : `${start}>${escapeXml(text)}</${name}>\n`;
}
