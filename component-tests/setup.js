'use strict';

const { setup } = require('@sa11y/jest');

// Gives expect() toBeAccessible.
setup();
