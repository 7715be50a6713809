import type { PartOutcome } from '../booking/outcome';
import type { OrgView } from '../salesforce/org-view';
import { lackedRights } from '../settings/lacked-rights';
import { neededRightsOfPage } from '../settings/needed-rights';
import type { PageSettings } from '../settings/page-settings';
import { GRANT_RIGHT, lackInWords, type LackedRight } from '../settings/right';
import { parked } from './planning';

/** Rights that bookings of a page need and that the API user lacks. Pure. */
export function lackedOfPage(settings: PageSettings, org: OrgView): LackedRight[] {
  return lackedRights(neededRightsOfPage(settings, org), org.schema);
}

/** Whether something cannot be looked up for want of the right. */
export function isBlinding({ isForReading, isInvisible }: LackedRight): boolean {
  return isForReading && isInvisible;
}

/** What nobody can be looked for without: who is there would be made a second time. */
export function blindFor(lacked: readonly LackedRight[]): LackedRight[] {
  return lacked.filter((lack) => lack.parts.includes('person') && isBlinding(lack));
}

/** What a new record of an object cannot be made without, whatever its values. */
export function lackedToCreate(lacked: readonly LackedRight[], sobject: string): LackedRight[] {
  return lacked.filter(
    ({ right, isByValue }) =>
      right.kind !== 'user' &&
      right.sobject === sobject &&
      !isByValue &&
      !(right.kind === 'object' && right.access === 'edit'),
  );
}

/** What a record that is there cannot be changed without. */
export function lackedToChange(lacked: readonly LackedRight[], sobject: string): LackedRight[] {
  return lacked.filter(({ right }) => right.kind === 'object' && right.sobject === sobject && right.access === 'edit');
}

/** The lack of one field; null when the API user has what it needs of it. */
export function lackOfField(lacked: readonly LackedRight[], sobject: string, field: string): LackedRight | null {
  return (
    lacked.find(({ right }) => right.kind === 'field' && right.sobject === sobject && right.field === field) ?? null
  );
}

/** The lacks of fields that a mapping would have written. */
export function lacksOfFields(
  lacked: readonly LackedRight[],
  sobject: string,
  fields: readonly string[],
): LackedRight[] {
  return fields.map(
    (field): LackedRight =>
      lackOfField(lacked, sobject, field) ?? {
        right: { kind: 'field', sobject, field, access: 'edit' },
        reasons: ['a mapping writes a value into it'],
        parts: ['person'],
        isForReading: false,
        isByValue: true,
        isInvisible: true,
      },
  );
}

/** A part that waits until the API user has these rights; null when it lacks none. In the words of the doctor. */
export function parkedForRights(lacked: readonly LackedRight[]): PartOutcome | null {
  const [first] = lacked;
  if (first === undefined) return null;
  const once = [...new Map(lacked.map((lack) => [lackInWords(lack), lack])).entries()];
  const sobject = first.right.kind === 'user' ? 'Event' : first.right.sobject;
  const fields = once.flatMap(([, { right }]) => (right.kind === 'field' ? [right.field] : []));
  return parked('RIGHT_MISSING', once.map(([words]) => words).join(' '), GRANT_RIGHT, sobject, fields);
}
