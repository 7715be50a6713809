'use strict';

const fs = require('node:fs');
const path = require('node:path');

/**
 * The metadata types of Salesforce, read from the type declarations that Salesforce generates out of its metadata
 * WSDL. Each line of those declarations has one of few shapes, so regular expressions read them without a compiler.
 * @typedef {object} MetadataSchema
 * @property {Map<string, MetadataType>} types
 * @property {Map<string, string[]>} enums allowed values by name of the enum
 */

/**
 * @typedef {object} MetadataType
 * @property {string | undefined} base type whose elements it has too
 * @property {Map<string, Element>} elements
 */

/**
 * @typedef {object} Element
 * @property {string} type a scalar, an enum or a metadata type
 * @property {boolean} isRequired
 * @property {boolean} isRepeatable any number of times, none included
 */

const DECLARATIONS = path.join(path.dirname(require.resolve('@salesforce/types/metadata')), 'metadata.d.ts');

const SCALARS = {
  string: /^/,
  boolean: /^(?:true|false)$/,
  number: /^-?\d+(?:\.\d+)?$/,
};

const TYPE_START = /^export type (?<name>\w+) = (?:(?<base>\w+) & )?\{$/;
const ENUM = /^export type (?<name>\w+) = (?<values>'[^']*'(?: \| '[^']*')*);$/;
const ALIAS = /^export type (?<name>\w+) = (?<base>\w+);$/;
const ELEMENT = /^ {4}(?<name>\w+)(?<optional>\?)?: (?<type>\w+)(?<many>\[\])?;$/;
const NOTHING = /^(?:\};|\s*)$/;

/**
 * @param {string} [declarations] text of metadata.d.ts
 * @returns {MetadataSchema}
 * @throws {Error} when a line has an unknown shape: better than checking less than was thought
 */
function readSchema(declarations = fs.readFileSync(DECLARATIONS, 'utf8')) {
  const types = new Map();
  const enums = new Map();
  let elements = new Map();
  for (const line of declarations.split('\n')) {
    let match;
    if ((match = TYPE_START.exec(line) ?? ALIAS.exec(line))) {
      elements = new Map();
      types.set(match.groups.name, { base: match.groups.base, elements });
    } else if ((match = ENUM.exec(line))) {
      enums.set(
        match.groups.name,
        match.groups.values.split(' | ').map((value) => value.slice(1, -1)),
      );
    } else if ((match = ELEMENT.exec(line))) {
      const { name, optional, type, many } = match.groups;
      elements.set(name, { type, isRequired: !optional && !many, isRepeatable: Boolean(many) });
    } else if (!NOTHING.test(line)) {
      throw new Error(`metadata.d.ts has a line of unknown shape, readSchema must learn it: ${line.slice(0, 120)}`);
    }
  }
  return { types, enums };
}

/**
 * @param {MetadataSchema} schema
 * @param {string} typeName
 * @returns {Map<string, Element>} its own elements and those of the types it extends
 */
function elementsOf(schema, typeName) {
  const { base, elements } = schema.types.get(typeName);
  return base && schema.types.has(base) ? new Map([...elementsOf(schema, base), ...elements]) : elements;
}

/**
 * @param {MetadataSchema} schema
 * @param {string} typeName metadata type, enum or scalar that the node should be
 * @param {import('./xml').XmlNode} node
 * @param {string} [at] where the node is, for the message
 * @returns {string[]} everything that the schema does not allow, none when the node is fine
 * @throws {Error} when the schema does not know the type
 */
function findSchemaFaults(schema, typeName, node, at = typeName) {
  const allowed = schema.enums.get(typeName);
  if (allowed) return allowed.includes(node) ? [] : [`${at} is "${node}", expected one of ${allowed.join(', ')}`];
  if (schema.types.get(typeName)?.base === 'string') return findSchemaFaults(schema, 'string', node, at);
  if (schema.types.has(typeName)) return findComplexFaults(schema, typeName, node, at);
  // The value of a custom metadata record: its type is in an attribute.
  if (typeName === 'any') return [];
  const scalar = SCALARS[typeName];
  if (!scalar) throw new Error(`The schema has no type ${typeName} (at ${at})`);
  return typeof node === 'string' && scalar.test(node) ? [] : [`${at} is "${describe(node)}", expected a ${typeName}`];
}

function findComplexFaults(schema, typeName, node, at) {
  if (typeof node === 'string' && node !== '') return [`${at} holds the text "${node}", expected elements`];
  const elements = elementsOf(schema, typeName);
  const given = Object.entries(node).filter(([name]) => !name.startsWith('@_'));
  const missing = [...elements]
    .filter(([name, { isRequired }]) => isRequired && !given.some(([givenName]) => givenName === name))
    .map(([name]) => `${at} lacks the required element ${name}`);
  return [
    ...missing,
    ...given.flatMap(([name, children]) => {
      const element = elements.get(name);
      if (!element) return [`${at} has no element ${name}`];
      if (children.length > 1 && !element.isRepeatable) return [`${at}.${name} is given ${children.length} times`];
      return children.flatMap((child) => findSchemaFaults(schema, element.type, child, `${at}.${name}`));
    }),
  ];
}

function describe(node) {
  return typeof node === 'string' ? node : `<${Object.keys(node).join('> <')}>`;
}

module.exports = { readSchema, elementsOf, findSchemaFaults };
