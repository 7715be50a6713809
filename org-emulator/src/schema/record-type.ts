import { isTrue, parseMetadata, text } from './metadata-xml';

/** A record type of an object. */
export interface RecordTypeDefinition {
  sobject: string;
  developerName: string;
  label: string;
  description: string | null;
  isActive: boolean;
  /** Whether its rows are person accounts. */
  isPersonType: boolean;
}

/** Parses one `*.recordType-meta.xml`. */
export function parseRecordType(path: string, sobject: string, xml: string): RecordTypeDefinition {
  const root = parseMetadata(path, xml, 'RecordType');
  const developerName = text(root, 'fullName');
  if (!developerName) throw new Error(`${path}: a record type needs a <fullName>`);
  return {
    sobject,
    developerName,
    label: text(root, 'label') ?? developerName,
    description: text(root, 'description') ?? null,
    isActive: isTrue(root, 'active'),
    isPersonType: false,
  };
}
