import type { Step } from '../booking/outcome';
import type { Candidate } from './candidate';
import type { Directory } from './match-types';
import { hostOf, hostUserOf } from './sought';

/**
 * The user who shall own the Event: the host, as the rules give him a user, as he is linked, by e-mail or username; else the
 * fallback owner; never one who is not active.
 */
export function matchOwner(candidate: Candidate, { users }: Directory, steps: Step[]): string | null {
  const linked = hostUserOf(candidate);
  const linkedId = linked === null ? null : (users.get(linked) ?? null);
  if (linked !== null) {
    steps.push({ step: 'owner: the user whom the rules give to the host', outcome: linkedId ?? 'no active user' });
    if (linkedId !== null) return linkedId;
  }
  const { hostUserId } = candidate;
  if (hostUserId !== null) {
    const isActive = users.get(hostUserId) === hostUserId;
    const step = 'owner: the user whom the host is linked to';
    steps.push({ step, outcome: isActive ? hostUserId : `${hostUserId} is no active user` });
    if (isActive) return hostUserId;
  }
  const host = hostOf(candidate);
  const hostId = host === null ? null : (users.get(host) ?? null);
  steps.push({
    step: 'owner: the host as an active user',
    outcome: hostId ?? (host === null ? 'the source names no host' : 'none'),
  });
  const { fallbackOwner } = candidate.settings.settings.rules;
  if (hostId !== null || fallbackOwner === null) return hostId;
  const fallbackId = users.get(fallbackOwner.toLowerCase()) ?? null;
  steps.push({ step: 'owner: the fallback owner', outcome: fallbackId ?? 'no active user of that name' });
  return fallbackId;
}
