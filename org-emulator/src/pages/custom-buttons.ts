import { readField } from '../records/read-field';
import { mergeUrl } from '../screen/merge-fields';
import type { WebLink } from '../screen/screen';
import type { PageContext } from './page-context';
import { findLive, type FoundRecord } from './reader';

/** A custom button for one record. */
export interface CustomButton {
  label: string;
  /** Absent when the button leads nowhere. */
  url?: string;
  /** Why it leads nowhere. */
  fault?: string;
}

/** The buttons of a record's object, their addresses worked out for the record and the user. */
export function customButtons(context: PageContext, record: FoundRecord, links: readonly WebLink[]): CustomButton[] {
  return links.map(({ label, url }) => {
    try {
      return buttonTo(
        label,
        mergeUrl(url, (path) => mergeValue(context, record, path)),
      );
    } catch (error) {
      return { label, fault: error instanceof Error ? error.message : String(error) };
    }
  });
}

function buttonTo(label: string, address: string): CustomButton {
  if (address.trim() === '') return { label, fault: 'Its address is empty for this record and this user.' };
  if (address.startsWith('/')) return { label, url: address };
  const isWeb = URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol);
  return isWeb ? { label, url: address } : { label, fault: `Its address is none of the web: ${address}` };
}

/** The value of `Contact.Account.Name`, `$User.Id` or `$Organization.Id` as the user sees it. */
function mergeValue(context: PageContext, record: FoundRecord, path: string): string | null {
  const { org, userId } = context;
  const [start = '', ...names] = path.split('.');
  const root =
    start === '$User'
      ? findLive(context, userId)
      : start === '$Organization'
        ? findLive(context, org.ids.organizationId)
        : start.toLowerCase() === record.object.name.toLowerCase()
          ? record
          : undefined;
  return root ? valueAlong(context, root, names) : null;
}

function valueAlong(context: PageContext, { object, row }: FoundRecord, names: readonly string[]): string | null {
  const [name = '', ...rest] = names;
  const seen = context.object(object.name);
  if (rest.length > 0) {
    const parent = row[seen?.relationship(name)?.name ?? ''];
    const found = typeof parent === 'string' ? findLive(context, parent) : undefined;
    return found ? valueAlong(context, found, rest) : null;
  }
  const field = seen?.field(name);
  const value = field && seen ? readField(context.org, seen, row, field) : null;
  return value === null ? null : String(value);
}
