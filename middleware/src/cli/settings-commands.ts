import { writeFile } from 'node:fs/promises';
import { Argument, InvalidArgumentError, type Command } from 'commander';
import type { SavedSettings } from '../admin/settings';
import { problemsInWords, type SettingsCheck } from '../admin/settings-check';
import type { SettingsChange } from '../settings/diff';
import { settingsJsonSchema } from '../settings/json-schema';
import type { Settings } from '../settings/settings';
import type { SettingsVersionInfo } from '../settings/settings.store';
import { readJson } from './input';
import { order } from './order';
import { inUtc, printer } from './print';
import { RefusedError } from './refused-error';
import { addSettingsFieldCommands } from './settings-field-commands';
import type { Terminal } from './terminal';

/** `settings ...`: the document, its versions, and what the org says of it. */
export function addSettingsCommands(program: Command, terminal: Terminal): void {
  const { stdout } = terminal;
  const print = printer(terminal);
  const settings = program
    .command('settings')
    .description("the team's settings, one JSON document: see docs/settings.md");

  settings
    .command('export [file]')
    .description('write the newest version to a file, or to standard output')
    .option('--version <n>', 'an older version; 0 is what the connector comes with', parseVersion)
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, options: { version?: number; json?: true }) => {
      const args = options.version === undefined ? {} : { version: options.version };
      const exported = (await order(terminal, 'exportSettings', args)) as { version: number; settings: Settings };
      const text = `${JSON.stringify(exported.settings, null, 2)}\n`;
      if (file === undefined) stdout(text);
      else {
        await writeFile(file, text);
        print(options.json, { version: exported.version, file }, `Version ${exported.version} was written to ${file}.`);
      }
    });

  settings
    .command('import <file>')
    .description('check a document in the connected org and save it as a new version; - reads standard input')
    .option('--check-only', 'check it and save nothing')
    .option('--expect <n>', 'refuse when the newest version is another one', parseVersion)
    .option('--json', 'print JSON')
    .action(async (file: string, options: { checkOnly?: true; expect?: number; json?: true }) => {
      const document = await readJson(file);
      if (options.checkOnly === true) {
        tellCheck(terminal, options.json, (await order(terminal, 'checkSettings', { document })) as SettingsCheck);
        return;
      }
      const args = { document, expectedVersion: options.expect };
      const saved = (await order(terminal, 'importSettings', args)) as SavedSettings;
      print(options.json, saved, savedInWords(saved));
    });

  settings
    .command('versions')
    .description('every saved version, the newest first')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const answer = (await order(terminal, 'listSettingsVersions', {})) as { versions: SettingsVersionInfo[] };
      const lines = answer.versions.map(
        ({ version, author, createdAt }) => `${version}  ${inUtc(createdAt)}  ${author}`,
      );
      print(options.json, answer, lines.join('\n') || 'Nothing was saved yet: what the connector comes with counts.');
    });

  settings
    .command('diff [a] [b]')
    .description('what is different between two versions or files; one alone is compared with the newest version')
    .option('--org', "compare with the connected org's schema instead: what of it would not work there")
    .option('--json', 'print JSON')
    .action(
      async (a: string | undefined, b: string | undefined, options: { org?: true; json?: true }, command: Command) => {
        if (options.org === true) {
          if (b !== undefined) command.error('error: --org takes one version or file');
          const named = a === undefined ? {} : await namedSettings(a);
          tellCheck(terminal, options.json, (await order(terminal, 'checkSettings', named)) as SettingsCheck);
          return;
        }
        if (a === undefined) command.error("error: missing required argument 'a'");
        const [from, to] = [await namedSettings(a), b === undefined ? {} : await namedSettings(b)];
        const answer = (await order(terminal, 'diffSettings', { from, to })) as { changes: SettingsChange[] };
        print(options.json, answer, changesInWords(answer.changes));
      },
    );

  settings
    .command('rollback')
    .addArgument(
      new Argument('<version>', 'a saved version; 0 is what the connector comes with').argParser(parseVersion),
    )
    .description('save an old version again as the newest')
    .option('--json', 'print JSON')
    .action(async (version: number, options: { json?: true }) => {
      const saved = (await order(terminal, 'rollBackSettings', { version })) as SavedSettings & {
        changes: SettingsChange[];
      };
      print(options.json, saved, `${changesInWords(saved.changes)}\n${savedInWords(saved)}`);
    });

  settings
    .command('schema')
    .description('print the JSON Schema of the document')
    .option('--json', 'the schema is JSON in any case')
    .action(() => stdout(`${JSON.stringify(settingsJsonSchema(), null, 2)}\n`));

  addSettingsFieldCommands(settings, terminal);
}

/** A number is a version, everything else a file. */
async function namedSettings(named: string): Promise<{ version: number } | { document: unknown }> {
  return /^\d+$/.test(named) ? { version: Number(named) } : { document: await readJson(named) };
}

/** @throws RefusedError when there are errors, so that a script sees it by the exit code. */
function tellCheck(terminal: Terminal, json: true | undefined, check: SettingsCheck): void {
  const { isAccepted, problems, notChecked } = check;
  const words = [
    ...(notChecked === null ? [] : [notChecked]),
    ...(problems.length === 0 ? ['Nothing is wrong with it.'] : [problemsInWords(problems)]),
  ];
  if (isAccepted) printer(terminal)(json, check, words.join('\n'));
  else {
    if (json === true) terminal.stdout(`${JSON.stringify(check)}\n`);
    throw new RefusedError(['The settings would not be saved.', ...words].join('\n'));
  }
}

function savedInWords({ version, problems, notChecked }: SavedSettings): string {
  return [
    `Saved as version ${version}.`,
    ...(notChecked === null ? [] : [notChecked]),
    ...(problems.length === 0 ? [] : [problemsInWords(problems)]),
  ].join('\n');
}

function changesInWords(changes: readonly SettingsChange[]): string {
  if (changes.length === 0) return 'Nothing is different.';
  return changes
    .map(({ path, before, after }) =>
      [
        path,
        ...(before === undefined ? [] : [`  - ${JSON.stringify(before)}`]),
        ...(after === undefined ? [] : [`  + ${JSON.stringify(after)}`]),
      ].join('\n'),
    )
    .join('\n');
}

/** @throws InvalidArgumentError, which the parser tells with the usage. */
function parseVersion(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be the number of a version.');
  return Number(value);
}
