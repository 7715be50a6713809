import type { OrgView } from '../salesforce/org-view';
import type { ObjectSchema } from '../salesforce/schema';
import { DEFAULT_MAPPINGS } from './default-mappings';
import { rowValueProblems } from './check-text';
import { notWritable } from './field-reasons';
import type { MappingRow } from './mapping-row';
import { MAPPED_OBJECTS, sobjectOf, type MappedObject } from './objects';
import type { SettingsProblem } from './problem';
import type { Rules } from './rules';
import type { Settings } from './settings';
import { scopesOf, useInAny, useOf, type Scope, type Use } from './use';
import { findValueName, namesInText, nearestValueName } from './value-names';
import { whenOf } from './when';

/** Rows that stand together in the document, and what the rules do with their object. */
interface Rows {
  object: MappedObject;
  rows: readonly MappingRow[];
  path: string;
  use: Use;
  rules: Rules;
}

/** What is wrong with the names of values that rows use: that can be said without an org. Pure. */
export function checkValueNames(settings: Settings): SettingsProblem[] {
  return allRows(settings).flatMap(({ object, rows, path }) =>
    rows.flatMap((row, index) => valueNameProblems(row, `${path}.${index}`, sobjectOf(object))),
  );
}

/** What is wrong with the rows of a document in an org. Pure. */
export function checkMappings(settings: Settings, org: OrgView): SettingsProblem[] {
  return allRows(settings).flatMap((part) => {
    const schema = org.schema.objects[sobjectOf(part.object)];
    // An object that rules need and that is not there is told once, with the rules.
    if (schema === undefined) return [];
    return part.rows.flatMap((row, index) => rowProblems(row, index, part, schema, org));
  });
}

/** The team's rows, and those of each page. Rows of the team count wherever a page has none of its own. */
function allRows(settings: Settings): Rows[] {
  const scopes = scopesOf(settings);
  const anywhere = useInAny(scopes);
  return scopes.flatMap((scope) =>
    MAPPED_OBJECTS.map((object) => ({
      object,
      rows: ownRows(settings, scope, object),
      path: `${scope.path}mappings.${object}`,
      use:
        scope.pageKey === null
          ? anywhere[object]
          : useOf(object, scope.settings.rules, scope.settings.mappings[object]),
      rules: scope.settings.rules,
    })),
  );
}

function ownRows(settings: Settings, { pageKey }: Scope, object: MappedObject): readonly MappingRow[] {
  if (pageKey === null) return settings.mappings[object];
  return settings.pages[pageKey]?.mappings?.[object] ?? [];
}

function valueNameProblems({ from, text }: MappingRow, path: string, sobject: string): SettingsProblem[] {
  const named = from === undefined ? namesInText(text ?? '') : [from];
  const place = { field: `${path}.${from === undefined ? 'text' : 'from'}`, sobject, sobjectField: null };
  return named.flatMap((name): SettingsProblem[] => {
    const known = findValueName(name);
    if (known === null) {
      const near = nearestValueName(name);
      return [
        {
          ...place,
          code: 'UNKNOWN_VALUE',
          error: `No booking has a value called "${name}"`,
          remedy:
            near === null
              ? 'Choose one of the names in docs/settings.md; an answer is named as answers.<question>.'
              : `Write "${near}", or choose another of the names in docs/settings.md.`,
          severity: 'error',
        },
      ];
    }
    if (known.isSecret !== true) return [];
    return [
      {
        ...place,
        code: 'GUEST_LINK',
        error: `Whoever can read the field can change or cancel the booking in the customer's name: ${name} is the customer's own link`,
        remedy: 'Map it only into a field that few may read.',
        severity: 'warning',
      },
    ];
  });
}

function rowProblems(
  row: MappingRow,
  index: number,
  { object, rows, path, use, rules }: Rows,
  schema: ObjectSchema,
  { names }: OrgView,
): SettingsProblem[] {
  const isDefault = DEFAULT_MAPPINGS[object].some((each) => JSON.stringify(each) === JSON.stringify(row));
  const isUsed = use.isCreated || use.isChanged;
  if (isDefault && !isUsed) return [];
  const name = names.name(row.field);
  const field = schema.fields[name];
  const place = { sobject: schema.name, sobjectField: name };
  // What the connector comes with is not the admin's mistake: the field is left out, and the rest is written.
  const severity = isDefault || !isUsed ? 'warning' : 'error';
  const at = (key: string): string => `${path}.${index}.${key}`;

  if (field === undefined) {
    const spelled = Object.keys(schema.fields).find((each) => each.toLowerCase() === name.toLowerCase());
    const remedy =
      spelled === undefined
        ? `Create the field, or give the API user access to ${schema.name}.${name} by a permission set, or remove the row.`
        : `Write "${names.local(spelled)}".`;
    const error = `${schema.name} has no field ${name}, or the API user may not see it`;
    return [{ ...place, field: at('field'), code: 'FIELD_MISSING', error, remedy, severity }];
  }
  const why = notWritable(object, field, schema, names);
  if (why !== null) {
    const code = why.kind === 'connector' ? 'CONNECTOR_FIELD' : 'NOT_WRITABLE';
    return [{ ...place, field: at('field'), code, error: why.reason, remedy: why.remedy, severity }];
  }
  const problems: SettingsProblem[] = [];
  const when = whenOf(row, object, rules);
  const changes = use.isChanged && when !== 'onCreate';
  if (use.isCreated && !field.createable) {
    problems.push({
      ...place,
      field: at('field'),
      code: 'NOT_CREATEABLE',
      error: `${name} cannot be set on a new record by the API user`,
      remedy: `Give the API user edit access to ${name}, or remove the row.`,
      severity: changes ? 'warning' : severity,
    });
  }
  if (changes && !field.updateable) {
    problems.push({
      ...place,
      field: at(row.when === undefined ? 'field' : 'when'),
      code: 'NOT_UPDATEABLE',
      error: `${name} cannot be changed on an existing record by the API user`,
      remedy: 'Set "when" to "onCreate", or give the API user edit access.',
      severity: use.isCreated && row.when === undefined ? 'warning' : severity,
    });
  }
  for (const problem of rowValueProblems(row, field)) {
    problems.push({
      ...place,
      field: at(row.from === undefined ? 'text' : 'from'),
      ...problem,
      ...less(problem, severity),
    });
  }
  if (field.controllerName !== null && !rows.some((each) => names.name(each.field) === field.controllerName)) {
    problems.push({
      ...place,
      field: at('field'),
      code: 'DEPENDENT_PICKLIST',
      error: `Which values ${name} takes depends on ${field.controllerName}, which no row writes`,
      remedy: `Map ${names.local(field.controllerName)} too, unless it always has the right value.`,
      severity: 'warning',
    });
  }
  if (isUnreachable(row, index, rows)) {
    problems.push({
      ...place,
      field: at('field'),
      code: 'NEVER_USED',
      error: `An earlier row always gives ${name} a value, so this one never counts`,
      remedy: 'Put this row before the fixed text, or remove one of the two.',
      severity: 'warning',
    });
  }
  return problems;
}

/** The milder of two: a warning is never made an error. */
function less(
  problem: { severity: 'error' | 'warning' },
  severity: 'error' | 'warning',
): Pick<SettingsProblem, 'severity'> {
  return { severity: problem.severity === 'warning' ? 'warning' : severity };
}

/** The first row of a field that has a value counts: a fixed text always has one. */
function isUnreachable(row: MappingRow, index: number, rows: readonly MappingRow[]): boolean {
  return rows
    .slice(0, index)
    .some(
      ({ field, text }) => field === row.field && text !== undefined && text.replace(/\{[^{}]+\}/g, '').trim() !== '',
    );
}
