import type { OwnerRule } from '../settings/rules';
import type { Candidate } from './candidate';
import { idOf, textIn } from './found-record';
import type { Directory, Found } from './match-types';
import { guestsOf, hostOf, hostUserOf } from './sought';

/** A refreshed sandbox puts this behind the e-mail of every user, so that nobody gets mail from it. */
export const SANDBOX_SUFFIX = '.invalid';

/** Names of users and queues that are asked for, each in the form that a {@link Directory} knows it by. */
export interface Asked {
  /** Of hosts and guests. */
  emails: string[];
  /** Of users whom hosts are linked to. */
  ids: string[];
  /** Of users whom the rules give to hosts, fallback owners and owner rules. */
  usernames: string[];
  /** Developer names. */
  queues: string[];
}

/** Whom the bookings and rules of a batch name and the directory does not know yet. Pure. */
export function askedOf(candidates: readonly Candidate[], { users, queues }: Directory): Asked {
  const rules = candidates.map(({ settings }) => settings.settings.rules);
  const owners = rules
    .flatMap(({ owner }) => Object.values(owner))
    .flatMap(({ onCreate, onExisting }): OwnerRule[] => [onCreate, onExisting]);
  const named = [
    ...candidates.map(hostUserOf),
    ...rules.map(({ fallbackOwner }) => fallbackOwner),
    ...owners.map((rule) => (rule.kind === 'user' ? rule.username : null)),
  ];
  const emails = candidates.flatMap((candidate) => [hostOf(candidate), ...guestsOf(candidate)]);
  return {
    emails: distinct(emails).filter((email) => !users.has(email)),
    ids: distinct(candidates.map(({ hostUserId }) => hostUserId)).filter((id) => !users.has(id)),
    usernames: distinct(named.map((name) => name?.toLowerCase() ?? null)).filter((name) => !users.has(name)),
    queues: distinct(owners.map((rule) => (rule.kind === 'queue' ? rule.queue.toLowerCase() : null))).filter(
      (queue) => !queues.has(queue),
    ),
  };
}

/**
 * The users and queues among what was read. A host or guest is found by e-mail, else by username; who is named by
 * username, the other way round. Of several users with one e-mail the one who has it as username counts, else nobody:
 * it could be any of them. Pure.
 *
 * @param asked names that were looked for: those that nobody has are remembered as such.
 */
export function directoryIn(found: Found, { emails, ids, usernames, queues }: Asked): Directory {
  const records = (found.get('User') ?? [])
    // The query asks for no others; this is the rule, whatever was asked.
    .filter((user) => user['IsActive'] !== false && (textIn(user, 'UserType') ?? 'Standard') === 'Standard')
    .map((user) => ({ id: idOf(user), email: nameIn(user, 'Email'), username: nameIn(user, 'Username') }));
  const only = <T>(some: T[]): T | undefined => (some.length === 1 ? some[0] : undefined);
  const byEmail = (name: string) => only(records.filter(({ email }) => email === name));
  const byUsername = (name: string) => only(records.filter(({ username }) => username === name));
  const groups = (found.get('Group') ?? []).map((group) => [nameIn(group, 'DeveloperName'), idOf(group)] as const);
  return {
    users: new Map([
      ...ids.map((id) => [id, records.find((record) => record.id === id)?.id ?? null] as const),
      ...emails.map((name) => [name, (byEmail(name) ?? byUsername(name))?.id ?? null] as const),
      ...usernames.map((name) => [name, (byUsername(name) ?? byEmail(name))?.id ?? null] as const),
    ]),
    queues: new Map(
      queues.map((queue) => [queue, groups.find(([developerName]) => developerName === queue)?.[1] ?? null]),
    ),
  };
}

function nameIn(record: Readonly<Record<string, unknown>>, field: string): string | null {
  return comparableUserName(textIn(record, field));
}

/** A name or an address of a user as it is compared: without what a refreshed sandbox puts behind it. Pure. */
export function comparableUserName(text: string | null): string | null {
  const name = text?.toLowerCase() ?? null;
  return name?.endsWith(SANDBOX_SUFFIX) === true ? name.slice(0, -SANDBOX_SUFFIX.length) : name;
}

function distinct(names: (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}
