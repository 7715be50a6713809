import type { Request } from 'express';
import { UserAccess } from '../org/access';
import type { Org } from '../org/org';
import type { ObjectSchema } from '../schema/object-schema';
import { isTimeZone, type PageTime } from './times';

/** The cookie by which a browser says in whose time zone it wants to read. */
export const TIME_ZONE_COOKIE = 'emulator-time-zone';

/** What every page reads from. */
export interface PageContext extends PageTime {
  org: Org;
  /** An object with the fields that the administrator sees; undefined when the org has no such object. */
  object(name: string): ObjectSchema | undefined;
}

/** The org at this moment as its administrator sees it, in the browser's time zone; in the administrator's until the browser has told its own. */
export function pageContext(org: Org, req: Request): PageContext {
  const administrator = org.store.find(org.ids.administratorId)?.row;
  const own = String(administrator?.TimeZoneSidKey ?? 'UTC');
  const asked = cookieOf(req, TIME_ZONE_COOKIE);
  const timeZone = [asked, own].find((zone) => zone !== undefined && isTimeZone(zone)) ?? 'UTC';
  const access = new UserAccess(org, org.ids.administratorId);
  return { org, now: org.clock.now(), timeZone, object: (name) => access.object(name) };
}

function cookieOf(req: Request, name: string): string | undefined {
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  const sent = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  try {
    return sent === undefined ? undefined : decodeURIComponent(sent);
  } catch {
    return undefined;
  }
}
