import type { XmlElement } from '../xml/xml-element';

/** One metadata component as it came in: what an XML file, or a part of one, says. */
export interface Component {
  /** `CustomField`, `PermissionSet`, … */
  type: string;
  /** `Lead.Booking_Id__c`, `Booking_Integration`, `Booking_Reports/All_Bookings`, … */
  fullName: string;
  /** The file that says it, relative to the root of the deployment. For a bundle its folder. */
  fileName: string;
  /** Its elements, without those that are components of their own. */
  root: XmlElement;
  /** Files that belong to it besides its XML: those of a bundle, the content of a static resource. Paths as deployed. */
  files: Map<string, Uint8Array>;
}

/** A component that an org has. */
export interface DeployedComponent extends Component {
  /** 18 characters. */
  id: string;
  /** The package that brought it, or null when it was deployed by itself. */
  namespace: string | null;
  createdAt: Date;
  createdById: string;
  modifiedAt: Date;
  modifiedById: string;
}

/** The name of the object that a child component belongs to: `Lead` of `Lead.Booking_Id__c`. */
export function objectOf({ fullName }: { fullName: string }): string {
  return fullName.slice(0, fullName.indexOf('.'));
}

/** The last part of a component's name: `Booking_Id__c` of `Lead.Booking_Id__c`. */
export function nameOf({ fullName }: { fullName: string }): string {
  return fullName.slice(Math.max(fullName.lastIndexOf('.'), fullName.lastIndexOf('/')) + 1);
}
