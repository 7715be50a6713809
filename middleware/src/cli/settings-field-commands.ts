import { Argument, type Command } from 'commander';
import type { CoveredField, ListedPage } from '../admin/settings-fields';
import type { Coverage } from '../settings/coverage';
import type { FieldChoices } from '../settings/field-choices';
import { MAPPED_OBJECTS } from '../settings/objects';
import type { PageTemplate } from '../settings/page-template';
import { VALUE_NAMES } from '../settings/value-names';
import { order } from './order';
import { inUtc, printer } from './print';
import type { Terminal } from './terminal';

/** `settings fields|required|values|pages`: what there is to choose from when a document is written. */
export function addSettingsFieldCommands(settings: Command, terminal: Terminal): void {
  const print = printer(terminal);

  settings
    .command('fields')
    .addArgument(new Argument('<object>').choices(MAPPED_OBJECTS))
    .description('the fields that mappings may write, and those that they may not, with the reason')
    .option('--json', 'print JSON')
    .action(async (object: string, options: { json?: true }) => {
      const choices = (await order(terminal, 'fieldChoices', { object })) as FieldChoices;
      print(options.json, choices, choicesInWords(choices));
    });

  settings
    .command('required')
    .addArgument(new Argument('[object]').choices(MAPPED_OBJECTS))
    .description('fields that Salesforce requires, and what gives them a value')
    .option('--json', 'print JSON')
    .action(async (object: string | undefined, options: { json?: true }) => {
      const answer = (await order(terminal, 'requiredFields', { object })) as { fields: CoveredField[] };
      print(options.json, answer, answer.fields.map(requiredInWords).join('\n') || 'Nothing is required.');
    });

  settings
    .command('values')
    .description('the values of a booking that mappings may name')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => {
      const lines = VALUE_NAMES.map(({ name, kind, description }) => `${name} (${kind}): ${description}`);
      print(options.json, { values: VALUE_NAMES }, lines.join('\n'));
    });

  settings
    .command('pages')
    .description('the pages that bookings are of, and whether their bookings are written')
    .option('--template <page>', 'print settings to start from for a page, named as <source id>:<page id>')
    .option('--json', 'print JSON')
    .action(async (options: { template?: string; json?: true }) => {
      if (options.template !== undefined) {
        const template = (await order(terminal, 'pageTemplate', { key: options.template })) as PageTemplate & {
          key: string;
        };
        print(options.json, template, JSON.stringify({ [template.key]: template.page }, null, 2));
        if (options.json !== true) terminal.stderr(openInWords(template));
        return;
      }
      const answer = (await order(terminal, 'listPages', {})) as { newPages: string; pages: ListedPage[] };
      const lines = answer.pages.map(pageInWords);
      print(options.json, answer, [...lines, `Pages that the settings do not name are ${answer.newPages}.`].join('\n'));
    });
}

function choicesInWords({ sobject, writable, notWritable }: FieldChoices): string {
  const few = (values: { value: string }[]): string =>
    values.length === 0
      ? ''
      : `: ${values
          .slice(0, 8)
          .map(({ value }) => value)
          .join(', ')}${values.length > 8 ? ', ...' : ''}`;
  return [
    `${sobject}, fields that mappings may write:`,
    ...writable.map(
      ({ field, label, type, length, isRequired, createable, updateable, picklistValues }) =>
        `  ${field} "${label}" (${type}${length === null ? '' : ` ${length}`}${isRequired ? ', required' : ''}${createable ? '' : ', existing records only'}${updateable ? '' : ', new records only'})${few(picklistValues)}`,
    ),
    'Fields that they may not:',
    ...notWritable.map(({ field, label, reason }) => `  ${field} "${label}": ${reason}`),
    'Is a field in neither list? Then the API user may not see it.',
  ].join('\n');
}

function requiredInWords({
  sobject,
  field,
  label,
  type,
  isCreated,
  isSupported,
  team,
  pages,
  remedies,
}: CoveredField): string {
  return [
    `${sobject}.${field} "${label}" (${type}): ${coverageInWords(team)}${isCreated ? '' : ' (no rule creates such records)'}`,
    ...Object.entries(pages).map(([page, coverage]) => `  on ${page}: ${coverageInWords(coverage)}`),
    ...(team.mayBeEmpty
      ? [
          ...(isSupported ? [] : [`  the connector cannot write fields of type ${type}`]),
          ...remedies.map((remedy) => `  - ${remedy}`),
        ]
      : []),
  ].join('\n');
}

function coverageInWords({ by, mayBeEmpty }: Coverage): string {
  switch (by) {
    case 'connector':
      return 'every booking gives it';
    case 'mapping':
      return mayBeEmpty ? 'mapped; bookings that give no value wait for you' : 'mapped';
    case 'chosen':
      return 'the value chosen under "required" stands in';
    case 'placeholder':
      return 'a placeholder stands in';
    case 'nothing':
      return 'nothing gives it a value';
  }
}

function pageInWords({ key, name, bookings, lastSeenAt, isEnabled, hasOverrides }: ListedPage): string {
  const named = name === null || key.endsWith(`:${name}`) ? '' : ` "${name}"`;
  return `${key}${named}: ${isEnabled ? 'on' : 'off'}${hasOverrides ? ', with settings of its own' : ''}, ${bookings} bookings, the newest of ${inUtc(lastSeenAt)}`;
}

/** Beside the page's settings, which are JSON to be piped: what they leave to the admin. */
function openInWords({ fields }: PageTemplate): string {
  return fields
    .map(({ object, field, guess, remedies }) =>
      guess === null
        ? `${object}.${field} has no value for sure, and no question sounds like it: ${remedies.join('; or ')}.\n`
        : `${object}.${field} is taken from the answer "${guess}": check that it is the right one.\n`,
    )
    .join('');
}
