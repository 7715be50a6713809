'use strict';

const { readSchema, findSchemaFaults } = require('../metadata-schema');

/**
 * Every component has only elements and values that its metadata type knows, and all that the type requires.
 * @type {import('../project').Check}
 */
function checkSchema({ components }) {
  const schema = readSchema();
  return components.flatMap(({ path, type, root }) =>
    findSchemaFaults(schema, type, withoutConfigs(root)).map((problem) => ({ file: path, problem })),
  );
}

/** What a bundle says of its targets is a document of its own inside the bundle's, which the declarations take for text. */
function withoutConfigs(root) {
  const rest = { ...root };
  delete rest.targetConfigs;
  return rest;
}

module.exports = { checkSchema };
