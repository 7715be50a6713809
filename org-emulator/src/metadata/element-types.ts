import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One element that a metadata type may have. */
export interface ElementDefinition {
  /** A scalar (`string`, `boolean`, `number`, `any`), an enum or another type. */
  type: string;
  isRequired: boolean;
  /** Any number of times, none included. */
  isRepeatable: boolean;
}

interface TypeDefinition {
  base: string | undefined;
  elements: Map<string, ElementDefinition>;
}

const TYPE_START = /^export type (?<name>\w+) = (?:(?<base>\w+) & )?\{$/;
const ENUM = /^export type (?<name>\w+) = (?<values>'[^']*'(?: \| '[^']*')*);$/;
const ALIAS = /^export type (?<name>\w+) = (?<base>\w+);$/;
const ELEMENT = /^ {4}(?<name>\w+)(?<optional>\?)?: (?<type>\w+)(?<many>\[\])?;$/;

/**
 * The elements of every metadata type, from the declarations that Salesforce generates out of its metadata WSDL
 * (`@salesforce/types`). Each line of them has one of few shapes, so no compiler is needed to read them.
 */
export class ElementTypes {
  private readonly types = new Map<string, TypeDefinition>();
  private readonly enums = new Map<string, Set<string>>();

  constructor(declarations: string) {
    let elements = new Map<string, ElementDefinition>();
    for (const line of declarations.split('\n')) {
      const start = (TYPE_START.exec(line) ?? ALIAS.exec(line))?.groups;
      const enumeration = ENUM.exec(line)?.groups;
      const element = ELEMENT.exec(line)?.groups;
      if (start) {
        elements = new Map();
        this.types.set(start.name ?? '', { base: start.base, elements });
      } else if (enumeration) {
        const values = (enumeration.values ?? '').split(' | ').map((value) => value.slice(1, -1));
        this.enums.set(enumeration.name ?? '', new Set(values));
      } else if (element) {
        const isRepeatable = element.many !== undefined;
        elements.set(element.name ?? '', {
          type: element.type ?? '',
          isRequired: element.optional === undefined && !isRepeatable,
          isRepeatable,
        });
      }
    }
  }

  /** Whether a type has elements, rather than text. */
  isComplex(name: string): boolean {
    const type = this.types.get(name);
    if (!type) return false;
    return type.elements.size > 0 || type.base === undefined || this.isComplex(type.base);
  }

  /** The values that an enum allows; undefined when the name is no enum's. */
  valuesOf(name: string): Set<string> | undefined {
    return this.enums.get(name);
  }

  /** The elements of a type and of those it extends. */
  elementsOf(name: string): Map<string, ElementDefinition> {
    const type = this.types.get(name);
    if (!type) return new Map();
    return new Map([...(type.base ? this.elementsOf(type.base) : []), ...type.elements]);
  }
}

let known: ElementTypes | undefined;

/** The elements of Salesforce's metadata types, read once. */
export function elementTypes(): ElementTypes {
  known ??= new ElementTypes(
    readFileSync(join(dirname(require.resolve('@salesforce/types/metadata')), 'metadata.d.ts'), 'utf8'),
  );
  return known;
}
