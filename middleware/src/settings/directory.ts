import { EXISTING_OBJECTS } from './objects';
import type { OwnerRule } from './owner-rules';
import type { Rules } from './rules';
import type { Settings } from './settings';
import { scopesOf } from './use';

/** Users and queues of an org by their names in lower case: an id, or null when there is none. What is absent was not looked up. */
export interface NameDirectory {
  /** By username; active users only. */
  users: ReadonlyMap<string, string | null>;
  /** By developer name. */
  queues: ReadonlyMap<string, string | null>;
}

/** A user or a queue that a document names, and where. */
export interface NamedOwner {
  kind: 'user' | 'queue';
  name: string;
  path: string;
}

/** Every user and queue that a document names, where it counts. Pure. */
export function namedOwners(settings: Settings): NamedOwner[] {
  const ofTeam = new Set<string>();
  return scopesOf(settings).flatMap(({ pageKey, path, settings: { rules } }) =>
    ownersOf(rules, `${path}rules`).filter((named) => {
      // A page inherits the team's owners: those stand in the document once.
      const key = `${named.kind} ${named.name}`;
      if (pageKey === null) ofTeam.add(key);
      return pageKey === null || !ofTeam.has(key);
    }),
  );
}

function ownersOf({ fallbackOwner, hostUsers, owner }: Rules, path: string): NamedOwner[] {
  return [
    ...Object.entries(hostUsers).map(([email, name]) => ({
      kind: 'user' as const,
      name,
      path: `${path}.hostUsers.${email}`,
    })),
    ...(fallbackOwner === null ? [] : [{ kind: 'user' as const, name: fallbackOwner, path: `${path}.fallbackOwner` }]),
    ...EXISTING_OBJECTS.flatMap((object) =>
      (['onCreate', 'onExisting'] as const).flatMap((when) =>
        namedOwner(owner[object][when], `${path}.owner.${object}.${when}`),
      ),
    ),
  ];
}

function namedOwner(rule: OwnerRule, path: string): NamedOwner[] {
  if (rule.kind === 'user') return [{ kind: 'user', name: rule.username, path: `${path}.username` }];
  return rule.kind === 'queue' ? [{ kind: 'queue', name: rule.queue, path: `${path}.queue` }] : [];
}
