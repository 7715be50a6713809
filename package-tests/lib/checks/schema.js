'use strict';

const { readSchema, findSchemaFaults } = require('../metadata-schema');

/**
 * Every component has only elements and values that its metadata type knows, and all that the type requires.
 * @type {import('../project').Check}
 */
function checkSchema({ components }) {
  const schema = readSchema();
  return components.flatMap(({ path, type, root }) =>
    findSchemaFaults(schema, type, root).map((problem) => ({ file: path, problem })),
  );
}

module.exports = { checkSchema };
