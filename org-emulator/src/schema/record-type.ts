import { isTrue, text, type XmlElement } from '../xml/xml-element';

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

/** Understands the metadata of a record type. */
export function recordTypeOf(sobject: string, developerName: string, root: XmlElement): RecordTypeDefinition {
  return {
    sobject,
    developerName,
    label: text(root, 'label') ?? developerName,
    description: text(root, 'description') ?? null,
    isActive: isTrue(root, 'active'),
    isPersonType: false,
  };
}
