import type { XmlElement } from '../../xml/xml-element';
import type { Component } from '../component';
import { faultOf, type DeployFault } from '../deploy-fault';
import type { Prospect } from '../prospect';

/** Something that a component refers to, by the metadata type and name of what must be there. */
export interface Reference {
  type: string;
  fullName: string;
  /** The element that refers, for the message. */
  field: string;
  at?: XmlElement | undefined;
  /** Said in place of the usual words when it is not there. */
  problem?: string | undefined;
}

/** Finds what a component of one type refers to. */
export type ReferenceFinder = (component: Component, prospect: Prospect) => Reference[];

/** Names that are part of every org, or of an installed part of the platform. */
const BUILT_IN: Record<string, RegExp> = {
  CustomTab: /^standard-/,
  CustomApplication: /^standard__/,
  ReportFolder: /^unfiled\$public$/,
  DashboardFolder: /^unfiled\$public$/,
  EmailFolder: /^unfiled\$public$/,
  EmailTemplateFolder: /^unfiled\$public$/,
  CompactLayout: /(?:^|\.)SYSTEM$/,
  QuickAction: /^(?:FeedItem\.\w+|New\w+|Log\w+|Send\w+|Mobile\w*|Update\w+|Edit\w*|Clone\w*)$|\._\w+$/,
  WebLink: /\.(?:standard|ViewCampaignInfluenceReport)\w*$/,
};

/** What is not there of what a component refers to, each told once per element. */
export function missingOf(component: Component, prospect: Prospect, references: Reference[]): DeployFault[] {
  return references
    .filter(({ type, fullName }) => !isBuiltIn(type, fullName) && !prospect.has(type, fullName))
    .map(({ type, fullName, field, at, problem }) =>
      faultOf(component, problem ?? `In field: ${field} - no ${type} named ${fullName} found`, at ?? component.root),
    );
}

function isBuiltIn(type: string, fullName: string): boolean {
  return BUILT_IN[type]?.test(fullName) ?? false;
}

/** The elements at a path of names below an element. */
export function at(root: XmlElement, path: string): XmlElement[] {
  return path
    .split('.')
    .reduce<XmlElement[]>(
      (found, name) => found.flatMap((element) => element.children.filter((child) => child.name === name)),
      [root],
    );
}

/** References from the texts of all elements at a path. */
export function textsAt(
  root: XmlElement,
  path: string,
  type: string,
  nameOf = (text: string): string => text,
): Reference[] {
  return at(root, path)
    .filter(({ text }) => text !== '')
    .map((element) => ({ type, fullName: nameOf(element.text), field: element.name, at: element }));
}
