import { comparableUserName, directoryIn } from './directory';
import { idOf, textIn } from './found-record';
import type { FoundRecord } from './match-types';

/** What leads from a host to a user: the rule `hostUsers`, a link, his address, or his address as a username. */
export type HostUserBy = 'rule' | 'link' | 'email' | 'username';

/** The user who owns the Events of a host. */
export interface HostUser {
  userId: string;
  username: string;
  by: HostUserBy;
}

/**
 * The user of a host among users that were read, as `matchOwner` finds him. Pure.
 *
 * @param host e-mail in the form that is compared.
 * @param known the username that the rules give him and the id that he is linked to; null where there is none.
 * @returns null when only the fallback owner is left.
 */
export function hostUserIn(
  host: string,
  known: { ruleUser: string | null; linkedId: string | null },
  users: readonly FoundRecord[],
): HostUser | null {
  const ruleUser = known.ruleUser?.toLowerCase() ?? null;
  const { linkedId } = known;
  const asked = {
    emails: [host],
    ids: linkedId === null ? [] : [linkedId],
    usernames: ruleUser === null ? [] : [ruleUser],
    queues: [],
  };
  // One at a time: a name that is both a rule's and a host's is looked for in two ways.
  const find = (some: Partial<typeof asked>, name: string | null): FoundRecord | undefined => {
    const none = { emails: [], ids: [], usernames: [], queues: [] };
    const id = name === null ? null : directoryIn(new Map([['User', users]]), { ...none, ...some }).users.get(name);
    return users.find((user) => id != null && idOf(user) === id);
  };
  const told = (user: FoundRecord, by: HostUserBy): HostUser => ({
    userId: idOf(user),
    username: textIn(user, 'Username') ?? '',
    by,
  });
  const byRule = find({ usernames: asked.usernames }, ruleUser);
  if (byRule !== undefined) return told(byRule, 'rule');
  const byLink = find({ ids: asked.ids }, linkedId);
  if (byLink !== undefined) return told(byLink, 'link');
  const byAddress = find({ emails: asked.emails }, host);
  if (byAddress === undefined) return null;
  return told(byAddress, comparableUserName(textIn(byAddress, 'Email')) === host ? 'email' : 'username');
}
