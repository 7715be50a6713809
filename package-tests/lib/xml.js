'use strict';

const { XMLParser, XMLValidator } = require('fast-xml-parser');

/**
 * A parsed element: its children by element name, each name with all its occurrences in order. An element with text
 * alone is that text; an empty one is ''. Attributes are `@_name`, text beside elements is `#text`.
 * @typedef {string | { [name: string]: XmlNode[] }} XmlNode
 */

const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  trimValues: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** `&` that starts neither a predefined entity nor a character reference: the validator lets unknown entities pass. */
const UNKNOWN_ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;

/**
 * @param {string} text an XML document
 * @returns {string | null} why it is not well-formed, with the line; null when it is
 */
function findXmlFault(text) {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) return `${verdict.err.msg} (line ${verdict.err.line})`;
  const unknownEntity = UNKNOWN_ENTITY.exec(text);
  return unknownEntity ? `Unknown entity at "${text.slice(unknownEntity.index, unknownEntity.index + 12)}".` : null;
}

/**
 * @param {string} text a well-formed XML document
 * @returns {{ rootName: string, namespace: string | undefined, root: { [name: string]: XmlNode[] } }}
 */
function parseXml(text) {
  const [rootName, [root]] = Object.entries(parser.parse(text)).find(([name]) => !name.startsWith('?'));
  return { rootName, namespace: root['@_xmlns'], root: typeof root === 'string' ? {} : root };
}

/**
 * @param {XmlNode | undefined} node
 * @param {string} name
 * @returns {XmlNode[]} the children of that name, none when there are none
 */
function childrenOf(node, name) {
  return (typeof node === 'object' && node[name]) || [];
}

/**
 * @param {XmlNode | undefined} node
 * @param {string} name
 * @returns {string | undefined} text of the first child of that name; undefined when there is no such child
 */
function textOf(node, name) {
  const [child] = childrenOf(node, name);
  return typeof child === 'object' ? child['#text']?.[0] : child;
}

module.exports = { findXmlFault, parseXml, childrenOf, textOf };
