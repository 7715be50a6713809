import { remainingShare, SKEW_LIMIT_MS } from './limits';
import type { OrgFacts, OwnFacts } from './facts';
import type { DoctorLine, LineMaker } from './line';

/** What the edition of the org means for the API. */
export function checkEdition({ organization }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'edition and API access';
  if (organization === null) {
    return line.ok(check, 'The API answers. The API user may not read the edition of the org.', 'company');
  }
  const { edition, name, isSandbox, trialEndsAt } = organization;
  const what = `${name} is a ${isSandbox ? 'sandbox or scratch org' : 'production org'} of ${edition}`;
  if (/^(Professional|Group|Team|Contact Manager|Base|Essentials)/i.test(edition)) {
    return line.warning(
      check,
      `${what}. The API answers now, but ${edition} has it only as an add-on, and ends it when the add-on ends. GraphQL, which shows bookings on record pages, is not part of it.`,
      'Keep the add-on "API access" of this edition, or move to Enterprise, Performance, Unlimited or Developer.',
      'company',
    );
  }
  if (trialEndsAt !== null) {
    const day = trialEndsAt.slice(0, 10);
    return line.warning(
      check,
      `${what}, which ends on ${day}: nothing can be written to it afterwards.`,
      'Connect the connector to another org before that day.',
      'company',
    );
  }
  return line.ok(check, `${what}. The API is part of it, and answers.`, 'company');
}

/** Whether the package's fields are there, whose they are, and of which version. */
export function checkPackage({ view, packageVersion }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'package';
  const { schema, names } = view;
  const isThere = (sobject: string, field: string): boolean =>
    schema.objects[sobject]?.fields[names.name(field)] !== undefined;
  const found = ['Event', 'Lead', 'Contact', 'Account', 'Case', 'Opportunity'].some(
    (sobject) => isThere(sobject, 'Booking_Id__c') || isThere(sobject, 'Booking_Customer_Id__c'),
  );
  if (!found) {
    return line.failure(
      check,
      'None of the fields of the Booking Connector package is seen: it is not installed, or the API user has no right to any of its fields. Nothing is written without them.',
      'Install the package, then give the API user the permission set Booking Integration.',
      'packages',
    );
  }
  const { namespace } = names;
  const where = namespace === null ? 'without a namespace' : `with the namespace ${namespace}`;
  if (!packageVersion.isKnown) {
    const why = `Its fields are there, ${where}. Which version it is takes the right View Setup and Configuration to read.`;
    return line.ok(check, why, 'packages');
  }
  const version =
    packageVersion.value === null ? 'It was deployed from its source.' : `It is version ${packageVersion.value}.`;
  return line.ok(check, `Its fields are there, ${where}. ${version}`, 'packages');
}

/** Whether API calls are left for the day. */
export function checkAllowance({ usage }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'API calls left';
  if (usage === null) return line.ok(check, 'The org did not say how many calls are used.', 'usage');
  const { used, max } = usage;
  const why = `About ${used} of ${max} API calls of the last 24 hours are used, by all applications together.`;
  const share = remainingShare(usage);
  const remedy =
    'Lower the use of other applications or buy more calls. "booking-connector budget" tells what the connector itself uses.';
  if (share <= 0) return line.failure(check, `${why} Nothing can be written until some are free.`, remedy, 'usage');
  return share < 0.2
    ? line.warning(check, `${why} Bookings may have to wait.`, remedy, 'usage')
    : line.ok(check, why, 'usage');
}

/** Whether our clock and that of the org agree. */
export function checkClock({ clock }: OrgFacts, line: LineMaker): DoctorLine {
  const check = 'clock';
  if (clock === null) return line.ok(check, 'The org did not tell its time.');
  const skewMs = clock.at.getTime() - clock.orgAt.getTime();
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= SKEW_LIMIT_MS) return line.ok(check, `It agrees with that of the org within ${seconds} s.`);
  return line.failure(
    check,
    `The clock of this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of the org: signatures of webhooks are refused, and bookings are completed at the wrong time.`,
    'Let the machine keep its clock by NTP.',
  );
}

/** Whether a new person and his Event go in one call. */
export function checkNestedKeys({ takesNestedKeys }: OwnFacts, line: LineMaker): DoctorLine {
  const check = 'nested keys';
  if (takesNestedKeys === null) {
    return line.ok(
      check,
      'Not tried yet: the first booking of a new customer shows whether the org takes a person and his Event in one call.',
    );
  }
  if (takesNestedKeys) return line.ok(check, 'The org takes a new person and his Event in one call.');
  return line.warning(
    check,
    'The org refuses an Event that names its new person by key, so a new customer costs one call more.',
    'Nothing has to be done. "booking-connector budget" tells what it costs.',
  );
}
