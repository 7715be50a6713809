import type { Command } from 'commander';
import type { Comparison } from '../admin/compare-org';
import type { Difference } from '../admin/differences';
import type { Switched } from '../admin/switch-org';
import { order } from './order';
import { orgInWords } from './org-words';
import { printer } from './print';
import type { Terminal } from './terminal';

/** Adds `org compare` and `org switch`: moving a team from one Salesforce org to another. */
export function addSwitchCommands(org: Command, terminal: Terminal): void {
  const print = printer(terminal);

  org
    .command('compare <id>')
    .description('what an org lacks for your settings, beside the org that bookings go to now; nothing is changed')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: true }) => {
      const comparison = (await order(terminal, 'compareOrg', { id })) as Comparison;
      print(options.json, comparison, comparisonInWords(comparison));
    });

  org
    .command('switch <id>')
    .description('have bookings go to an org from now on; settings stay, and bookings wait until you choose')
    .option('--anyway', 'also when something is missing there without which bookings would fail')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { anyway?: true; json?: true }) => {
      const switched = (await order(terminal, 'switchOrg', { id, anyway: options.anyway === true })) as Switched;
      print(options.json, switched, switchedInWords(switched));
    });
}

function comparisonInWords({ org, present, isOther, settingsVersion, differences, fine, isReady }: Comparison): string {
  const isMove = present !== null && (present.id !== org.id || isOther);
  const now = present === null ? 'Bookings go to no org yet.' : `Bookings go to ${present.id}: ${orgInWords(present)}.`;
  return [
    `${org.id}: ${orgInWords(org)}, ${org.salesforceOrgId ?? 'not signed in to yet'}${isOther ? ', another Salesforce org than before' : ''}.`,
    now,
    `Checked for version ${settingsVersion} of the settings: ${countedIn(differences)}, ${fine} fine.`,
    ...differences.map((difference) => differenceInWords(difference, isMove)),
    isReady
      ? `Nothing is missing without which bookings would fail.${isMove ? ` Go on with "booking-connector org switch ${org.id}".` : ''}`
      : 'Put right what is missing first: bookings that need it would wait for you.',
  ].join('\n');
}

function countedIn(differences: readonly Difference[]): string {
  const failures = differences.filter(({ state }) => state === 'failure').length;
  return `${failures} missing, ${differences.length - failures} to look at`;
}

const PRESENT: Record<Difference['present'], string> = {
  fine: ' (fine where bookings go now)',
  same: ' (the same where bookings go now)',
  notKnown: '',
};

function differenceInWords({ check, state, why, remedy, present }: Difference, isMove: boolean): string {
  return [
    `  ${state} ${check}${isMove ? PRESENT[present] : ''}`,
    `    ${why}`,
    ...(remedy === '' ? [] : [`    What to do: ${remedy}`]),
  ].join('\n');
}

function switchedInWords({ comparison: { org, settingsVersion, differences }, held }: Switched): string {
  return [
    `Bookings go to ${org.id}, ${orgInWords(org)}, from now on. Settings stay: version ${settingsVersion}.`,
    ...(differences.length === 0
      ? []
      : [`There: ${countedIn(differences)}. "booking-connector org compare ${org.id}" names them.`]),
    'Nothing is written there yet. Choose which bookings are:',
    `  booking-connector gate open --bookings future   the ${held.future} that are still to come`,
    `  booking-connector gate open --bookings all      all ${held.all} that the connector knows`,
    '  booking-connector gate open --bookings none     only what arrives or changes from now on',
  ].join('\n');
}
