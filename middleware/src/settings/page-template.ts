import type { OrgView } from '../salesforce/org-view';
import { coverageOf } from './coverage';
import type { MappingRow } from './mapping-row';
import { MAPPED_OBJECTS, type MappedObject } from './objects';
import { settingsOfPage } from './page-settings';
import { explainRequired, type RequiredField } from './required-field';
import type { PageOverride, Settings } from './settings';
import { useOf } from './use';

/** What an admin may start from when a page first shows up in bookings. */
export interface PageTemplate {
  page: PageOverride;
  /** Required fields that nothing gives a value for sure, and what the template does about each. */
  fields: { object: MappedObject; field: string; label: string; guess: string | null; remedies: string[] }[];
}

/**
 * Settings of a page with a row for each required field that nothing fills for sure: from the answer whose question
 * sounds like the field, else left for the admin to complete. Pure.
 *
 * @param answers the questions that bookings of the page gave answers to.
 */
export function pageTemplate(
  settings: Settings,
  existing: PageOverride | undefined,
  { name, answers }: { name: string | null; answers: readonly string[] },
  org: OrgView,
): PageTemplate {
  const own = existing ?? { enabled: true };
  const effective = settingsOfPage(settings, own);
  const open = MAPPED_OBJECTS.filter((object) => useOf(object, effective.rules, effective.mappings[object]).isCreated)
    .flatMap((object) => explainRequired(object, org))
    .filter((field) => coverageOf(field, effective).mayBeEmpty);
  const fields = open.map((field) => ({
    object: field.object,
    field: field.field,
    label: field.label,
    guess: field.isSupported ? guessAnswer(field, answers) : null,
    remedies: field.remedies,
  }));
  const mappings = rowsOf(fields, effective.mappings);
  return {
    page: {
      ...(name === null ? {} : { name }),
      ...own,
      ...(Object.keys(mappings).length === 0 ? {} : { mappings: { ...own.mappings, ...mappings } }),
    },
    fields,
  };
}

/** The rows that the field has already stay behind the guess: an answer that a booking lacks leaves them to count. */
function rowsOf(
  fields: PageTemplate['fields'],
  mappings: Record<MappedObject, MappingRow[]>,
): Partial<Record<MappedObject, MappingRow[]>> {
  const rows: Partial<Record<MappedObject, MappingRow[]>> = {};
  for (const { object, field, guess } of fields) {
    if (guess === null) continue;
    const known = mappings[object].filter((row) => row.field === field);
    rows[object] = [...(rows[object] ?? []), { field, from: `answers.${guess}`, cut: true }, ...known];
  }
  return rows;
}

/**
 * The question that sounds like a field: the same words, or one within the other.
 * @returns null when none does; guessing further would put junk into the record.
 */
export function guessAnswer(
  { label, field }: Pick<RequiredField, 'label' | 'field'>,
  answers: readonly string[],
): string | null {
  const wanted = [words(label), words(field.replace(/__c$/, ''))].filter((each) => each.length > 0);
  const same = answers.find((answer) => wanted.some((each) => each === words(answer)));
  if (same !== undefined) return same;
  return (
    answers.find((answer) => {
      const asked = words(answer);
      return wanted.some(
        (each) => ` ${asked} `.includes(` ${each} `) || (asked.length >= 4 && ` ${each} `.includes(` ${asked} `)),
      );
    }) ?? null
  );
}

/** The words of a name, in lower case: `PreferredTime__c`, `preferred_time` and "Preferred time?" are the same. */
function words(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
