import type { Request } from 'express';
import type { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import { canReadRow } from '../org/sharing';
import type { StoredRecord } from '../records/table';
import type { ObjectSchema } from '../schema/object-schema';
import type { SldsVersion } from '../components/slds';
import { cookieOf, TIME_ZONE_COOKIE, USER_COOKIE } from './cookies';
import { chosenSlds } from './design-system';
import { isTimeZone, type PageTime } from './times';
import { findUser } from './viewers';

/** What every page reads from: the org as one of its users sees it. */
export interface PageContext extends PageTime {
  org: Org;
  /** 18-character id of the user who looks. */
  userId: string;
  access: UserAccess;
  /** The version of the design system that components are drawn with. */
  slds: SldsVersion;
  /** An object with the fields that the user sees; undefined when the org has no such object, or the user no right to it. */
  object(name: string): ObjectSchema | undefined;
  /** Whether rights and sharing let the user read a record. */
  canRead(object: ObjectSchema, row: StoredRecord): boolean;
}

/**
 * The org at this moment as the chosen user sees it, the administrator unless the browser says another one; in the
 * browser's time zone, or the user's own until the browser has told it.
 */
export function pageContext(org: Org, req: Request): PageContext {
  const chosen = findUser(org, cookieOf(req, USER_COOKIE) ?? '') ?? org.store.find(org.ids.administratorId)?.row;
  const userId = chosen?.Id ?? org.ids.administratorId;
  const own = String(chosen?.TimeZoneSidKey ?? 'UTC');
  const asked = cookieOf(req, TIME_ZONE_COOKIE);
  const timeZone = [asked, own].find((zone) => zone !== undefined && isTimeZone(zone)) ?? 'UTC';
  const access = org.access(userId);
  const object = (name: string): ObjectSchema | undefined => access.object(name);
  return {
    org,
    now: org.clock.now(),
    timeZone,
    userId,
    access,
    slds: chosenSlds(req),
    object,
    canRead: ({ name }, row) => {
      const seen = object(name);
      return seen !== undefined && canReadRow(org, access, seen, row);
    },
  };
}
