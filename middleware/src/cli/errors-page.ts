import { OWN_PROBLEMS } from '../plan/own-problems';
import { errorLines, type ErrorClass } from '../salesforce/error-table';
import { signInErrorLines } from '../salesforce/oauth-error-table';

/** One line of the page of errors. */
export interface ListedError {
  /** Who says it: Salesforce about a record or a call, Salesforce about a sign-in, or the connector itself. */
  from: 'salesforce' | 'signIn' | 'connector';
  code: string;
  /** What the message says, where that decides. */
  says: string | null;
  class: ErrorClass;
  cause: string;
  remedy: string;
}

/** What the connector does, by class, in the order of the page. */
const CLASSES: readonly { class: ErrorClass; title: string; does: string }[] = [
  {
    class: 'orgWide',
    title: 'The whole org',
    does: 'Nothing can be written until somebody acts. The connector settles what was written, pauses, says why once, and tries again every five minutes and when somebody asks for it. Bookings are accepted meanwhile.',
  },
  {
    class: 'signIn',
    title: 'The session',
    does: 'The connector signs in again, once, and sends the same again. When the sign-in itself is refused the org counts as disconnected, which is told once; it is tried again every ten minutes where that can be of use, and when somebody asks for it. Bookings are accepted meanwhile.',
  },
  {
    class: 'retryLater',
    title: 'The allowance',
    does: 'The connector waits for minutes and tries again with as little as it can. Bookings are accepted meanwhile, and none is lost.',
  },
  {
    class: 'scoped',
    title: 'A field, record type, picklist, right or owner',
    does: 'The part of the booking that was refused waits for you; bookings that it does not strike go on. When many rows of a batch are refused alike, one of them is sent again alone for all. They are tried again by themselves when settings are saved, when the org’s schema changes (asked at most every 15 minutes), when another booking of the same page and host is written after all, and when the booking changes.',
  },
  {
    class: 'booking',
    title: 'This booking alone',
    does: 'The part of the booking that was refused is sent again alone, then it waits for you; all others go on. It is tried again when settings are saved, when the booking changes, and when you ask for it.',
  },
  {
    class: 'lookAgain',
    title: 'Not as it was',
    does: 'The connector reads the org again, at once and then after a few seconds, and goes on with what it finds. After the second time the booking waits for you.',
  },
  {
    class: 'tooMuch',
    title: 'Too much at once',
    does: 'The connector halves its batches, down to one booking, and lets them grow again by a tenth with each turn that goes well.',
  },
  {
    class: 'retrySoon',
    title: 'A moment’s trouble',
    does: 'The connector sends the same again after seconds, then less and less often, up to every 15 minutes.',
  },
];

/** Every refusal that the connector knows. */
export function listErrors(): ListedError[] {
  return [
    ...errorLines().map((line): ListedError => ({ from: 'salesforce', ...line })),
    ...Object.entries(OWN_PROBLEMS).map(([code, problem]): ListedError => ({
      from: 'connector',
      code,
      says: null,
      ...problem,
    })),
    ...signInErrorLines().map((line): ListedError => ({ from: 'signIn', ...line })),
  ];
}

/** The page `docs/errors.md`: the table of the code, for an admin. Pure. */
export function errorsPage(): string {
  const errors = listErrors();
  const sections = CLASSES.flatMap(({ class: errorClass, title, does }) => {
    const lines = errors.filter((error) => error.class === errorClass && error.from === 'salesforce');
    return [`## ${title}`, does, table(lines)];
  });
  return (
    [
      '# Errors',
      'What Salesforce answers when it refuses something, what it means, what the connector does and what you do. The code is the one that a parked booking shows; `booking-connector status` lists them. One code may mean several things: then the message decides. A code that is not listed counts by its HTTP status, and without one as that booking’s own problem.',
      '## Where to begin',
      [
        '1. Does it strike everybody, or some? `booking-connector status` says first whether the connector pauses, and why: then the cause lies in the connection, the API user or the API calls of the org, and no single booking is at fault.',
        '2. It pauses for the connection: look at [the whole org](#the-whole-org) and [signing in](#signing-in). A reset password, a new security token, an uninstalled package, a changed licence or permission set of the API user all end here; after the remedy connect the org again or ask for a new try.',
        '3. It pauses for the allowance: in Salesforce, Setup, System Overview shows the API calls of the last 24 hours, which all connected applications share.',
        '4. It works, and some bookings wait: those with the same code, object and fields are one problem. When they have a page, a host or an object in common, look at what that needs: its [field, record type, picklist, right or owner](#a-field-record-type-picklist-right-or-owner). A field that was made required lately is a usual cause; `booking-connector settings required` shows those that nothing fills.',
        '5. Nothing of this helps: report the code and the message, without the values that it quotes.',
      ].join('\n'),
      'This page is the table of the program: `booking-connector errors > docs/errors.md` writes it anew.',
      ...sections,
      '## Found before anything is sent',
      'The connector itself finds these, so that no call is spent on them. The words of a parked booking name its fields and records. They wait and are tried again as those of a field, record type, picklist, right or owner do; `VALUE_DOES_NOT_FIT`, `AMBIGUOUS_MATCH` and `INTERNAL_ERROR` as those of this booking alone.',
      table(errors.filter(({ from }) => from === 'connector')),
      '## Signing in',
      'Told when the org is connected, and when its session is renewed. The connector pauses until the sign-in works; `rate_limit_exceeded` passes by itself.',
      table(errors.filter(({ from }) => from === 'signIn')),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

const HEAD = ['code', 'where the message', 'what it means', 'what to do'] as const;

/** Padded as the formatter of the repository wants tables. */
function table(lines: ListedError[]): string {
  const rows = lines.map(({ code, says, cause, remedy }) =>
    [`\`${code}\``, says ?? '', cause, remedy].map((cell) => marked(cell).replaceAll('|', '\\|')),
  );
  const widths = HEAD.map((name, column) =>
    Math.max(...[[...HEAD], ...rows].map((row) => row[column]?.length ?? name.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Names of fields as code: their underscores would be read as emphasis. */
function marked(text: string): string {
  return text.replace(/(?<![`\w])[A-Za-z]+(?:_[A-Za-z]+)*__c\b/g, '`$&`');
}
