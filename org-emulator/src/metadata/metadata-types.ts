import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The table lies beside the compact schemas; reachable from `src` and from `dist` alike. */
const TABLE = join(__dirname, '..', '..', 'metadata', 'types.json');

const childType = z.strictObject({
  name: z.string(),
  /** The element of the parent's file that holds one child. */
  element: z.string(),
  /** In source format: folder below the parent's, and ending of the child's own file. */
  directory: z.string(),
  suffix: z.string().optional(),
});

const metadataType = z.strictObject({
  name: z.string(),
  directory: z.string(),
  suffix: z.string().optional(),
  /**
   * `file` is one XML file; `content` a file with an XML file beside it; `bundle` a folder of files; `other` lies in a
   * way that the emulator does not read.
   */
  shape: z.enum(['file', 'content', 'bundle', 'other']),
  /** The type of the folders that its components lie in. */
  folder: z.string().optional(),
  /** The type whose components lie in it. */
  folderOf: z.string().optional(),
  children: z.array(childType).optional(),
});

/** How the components of a metadata type lie in files. */
export type MetadataType = z.infer<typeof metadataType>;
/** A type whose components lie in the file of their parent, a CustomField in that of its CustomObject. */
export type ChildType = z.infer<typeof childType>;

/**
 * Types whose content a real org compiles or runs. Accepting them unread would promise that they work: they are refused
 * by name.
 */
const NOT_RUN = new Set([
  'ApexClass',
  'ApexComponent',
  'ApexPage',
  'ApexTrigger',
  'AuraDefinitionBundle',
  'Flow',
  'FlowDefinition',
  'Scontrol',
]);

/** Every metadata type by name, and by where its files lie. */
export class MetadataTypes {
  private readonly byName = new Map<string, MetadataType>();
  private readonly parents = new Map<string, { parent: MetadataType; child: ChildType }>();

  constructor(readonly all: MetadataType[]) {
    for (const type of all) {
      this.byName.set(type.name, type);
      for (const child of type.children ?? []) this.parents.set(child.name, { parent: type, child });
    }
  }

  /** The type of a name that has files of its own, or undefined. */
  type(name: string): MetadataType | undefined {
    return this.byName.get(name);
  }

  /** The type whose files hold components of this type, and how; undefined for types with files of their own. */
  parentOf(name: string): { parent: MetadataType; child: ChildType } | undefined {
    return this.byName.has(name) ? undefined : this.parents.get(name);
  }

  /** Whether Salesforce has a type of this name. */
  has(name: string): boolean {
    return this.byName.has(name) || this.parents.has(name);
  }

  /** The types whose files lie in a folder of this name. */
  inDirectory(directory: string): MetadataType[] {
    return this.all.filter((type) => type.directory === directory);
  }

  /** Why the emulator takes no component of a type, or undefined when it does. */
  refusalOf(name: string): string | undefined {
    if (!this.has(name)) return `Unknown type name '${name}' specified in package.xml`;
    const isUnread = (this.byName.get(name) ?? this.parentOf(name)?.parent)?.shape === 'other';
    return NOT_RUN.has(name) || isUnread ? `The emulator does not support the metadata type ${name}` : undefined;
  }
}

let table: MetadataTypes | undefined;

/** The metadata types of Salesforce, read once. */
export function metadataTypes(): MetadataTypes {
  if (!table) {
    const parsed = z.object({ types: z.array(metadataType) }).parse(JSON.parse(readFileSync(TABLE, 'utf8')));
    table = new MetadataTypes(parsed.types);
  }
  return table;
}
