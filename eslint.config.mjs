import js from '@eslint/js';
import importPlugin from 'eslint-plugin-import';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const src = (room) => `./middleware/src/${room}`;

/** What every room may import besides: it imports no room itself. */
const FOR_ALL = ['./telemetry.ts'];

/** Every room of the middleware with the rooms it may import. Whatever is not listed is refused: imports run one way. */
const ROOMS = {
  store: [],
  salesforce: [],
  security: ['store'],
  booking: ['store'],
  source: ['booking'],
  customer: ['store', 'booking'],
  host: ['store'],
  settings: ['store', 'salesforce'],
  match: ['booking', 'customer', 'settings', 'salesforce'],
  plan: ['booking', 'customer', 'settings', 'salesforce', 'match'],
  notice: ['source', 'store'],
  drift: ['booking', 'customer', 'host', 'settings', 'salesforce', 'match', 'notice', 'store'],
  sync: ['booking', 'customer', 'host', 'settings', 'salesforce', 'match', 'notice', 'plan', 'drift', 'store'],
  connection: ['notice', 'salesforce', 'security', 'store', 'sync'],
  doctor: ['settings', 'salesforce', 'match', 'store'],
  admin: [
    ...[
      'booking',
      'connection',
      'customer',
      'doctor',
      'drift',
      'host',
      'match',
      'notice',
      'salesforce',
      'settings',
      'source',
      'store',
      'security',
    ],
    'sync',
  ],
  http: ['admin', 'booking', 'security', 'settings', 'source', 'store', 'sync'],
  page: [],
  console: ['admin', 'booking', 'http', 'notice', 'page', 'security', 'source', 'sync'],
  demo: ['page', 'source'],
};

const zones = Object.entries(ROOMS).map(([room, may]) => ({
  target: src(room),
  from: './middleware/src',
  except: [`./${room}`, ...FOR_ALL, ...may.map((other) => `./${other}`)],
  message: `${room} may import ${may.length > 0 ? may.join(', ') : 'no other room'}: see docs/architecture.md.`,
}));

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '**/coverage/', 'component-tests/platform.d.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { import: importPlugin },
    languageOptions: {
      parserOptions: {
        project: ['./middleware/tsconfig.json', './org-emulator/tsconfig.json', './browser-tests/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    settings: { 'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } } },
    rules: {
      'import/no-restricted-paths': [
        'error',
        {
          zones: [
            ...zones,
            {
              target: './org-emulator',
              from: './middleware',
              message: 'The emulator imports nothing of the middleware.',
            },
          ],
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', 'browser-tests/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], languageOptions: { globals: { ...globals.node, ...globals.jest } } },
  { files: ['**/public/**/*.js'], languageOptions: { globals: globals.browser } },
  {
    // Lightning web components: JavaScript with decorators, which the parser of TypeScript reads.
    files: ['**/lwc/**/*.js', 'org-emulator/component-host/**/*.js'],
    languageOptions: { parser: tseslint.parser, globals: globals.browser },
  },
  prettier,
);
