import type { OrgView } from '../salesforce/org-view';
import { fixedTextProblems, listed } from './check-text';
import { coverageOf } from './coverage';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from './objects';
import type { SettingsProblem } from './problem';
import { explainRequired, type RequiredField } from './required-field';
import type { Settings } from './settings';
import { scopesOf, useInAny, useOf, type Scope } from './use';

/**
 * Required fields of new records that nothing fills, and chosen values that do not fit, for the team and for each page.
 * What a page shares with the team is told once. Pure.
 */
export function checkRequired(settings: Settings, org: OrgView): SettingsProblem[] {
  const scopes = scopesOf(settings);
  const ofTeam = new Set<string>();
  return [
    ...checkChosen(settings, org),
    ...scopes.flatMap((scope) =>
      uncovered(scope, org).filter(({ code, sobject, sobjectField, remedy }) => {
        const key = [code, sobject, sobjectField, remedy.replace(scope.path, '')].join(' ');
        if (scope.pageKey === null) ofTeam.add(key);
        return scope.pageKey === null || !ofTeam.has(key);
      }),
    ),
  ];
}

function uncovered({ settings, path }: Scope, org: OrgView): SettingsProblem[] {
  return MAPPED_OBJECTS.filter((object) => useOf(object, settings.rules, settings.mappings[object]).isCreated)
    .flatMap((object) => explainRequired(object, org))
    .flatMap((field): SettingsProblem[] => {
      const { by, mayBeEmpty } = coverageOf(field, settings);
      const place = {
        field: `${path}required.${field.object}.${field.field}`,
        sobject: field.sobject,
        sobjectField: field.name,
      };
      if (!field.isSupported) {
        return [
          {
            ...place,
            code: 'REQUIRED_UNSUPPORTED',
            error: `${field.sobject} cannot be created: ${field.name} is required, and the connector cannot write its type, ${field.type}`,
            remedy: `${sentence(field.remedies)}`,
            // No document can put it right, so refusing one would only hold up the rest.
            severity: 'warning',
          },
        ];
      }
      if (by === 'nothing') {
        return [
          {
            ...place,
            code: 'REQUIRED_WITHOUT_VALUE',
            error: `${field.name} is required on new records of ${field.sobject}, and nothing gives it a value`,
            remedy: `${sentence(field.remedies)}${choices(field)}`,
            severity: 'error',
          },
        ];
      }
      if (!mayBeEmpty) return [];
      return [
        {
          ...place,
          code: 'MAY_BE_EMPTY',
          error: `${field.name} is required on new records of ${field.sobject}; bookings that give it no value will wait for you`,
          remedy: `${sentence(field.remedies.slice(1))}${choices(field)}`,
          severity: 'warning',
        },
      ];
    });
}

/** Values chosen under `required`, of the team and of the pages. */
function checkChosen(settings: Settings, org: OrgView): SettingsProblem[] {
  const use = useInAny(scopesOf(settings));
  const pages = Object.entries(settings.pages).map(
    ([key, { required }]) => [`pages.${key}.required`, required ?? {}] as const,
  );
  return ([['required', settings.required], ...pages] as const).flatMap(([path, required]) =>
    Object.entries(required).flatMap(([object, chosen]) =>
      Object.entries(chosen ?? {}).flatMap(([name, { text }]) =>
        chosenProblems(object as MappedObject, name, text, `${path}.${object}.${name}`, org).map((problem) => ({
          ...problem,
          severity: use[object as MappedObject].isCreated ? problem.severity : ('warning' as const),
        })),
      ),
    ),
  );
}

function chosenProblems(
  object: MappedObject,
  name: string,
  text: string,
  path: string,
  { schema, names }: OrgView,
): SettingsProblem[] {
  const described = schema.objects[sobjectOf(object)];
  if (described === undefined) return [];
  const field = described.fields[names.name(name)];
  const place = { sobject: described.name, sobjectField: names.name(name) };
  if (field === undefined) {
    return [
      {
        ...place,
        field: path,
        code: 'FIELD_MISSING',
        error: `${described.name} has no field ${names.name(name)}, or the API user may not see it`,
        remedy: 'Remove the value, or give the API user access to the field.',
        severity: 'error',
      },
    ];
  }
  return fixedTextProblems(text, field, false).map((problem) => ({ ...place, ...problem, field: `${path}.text` }));
}

function sentence(remedies: readonly string[]): string {
  const text = remedies.join('; or ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function choices({ picklistValues }: RequiredField): string {
  return picklistValues.length === 0 ? '' : ` Its values: ${listed(picklistValues)}.`;
}
