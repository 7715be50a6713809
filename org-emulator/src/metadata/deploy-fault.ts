import type { Component } from './component';
import type { XmlElement } from '../xml/xml-element';

/** Why a component, or a file of a deployment, is refused. */
export interface DeployFault {
  /** The component's type; empty for a fault of the package itself. */
  type: string;
  fullName: string;
  /** The file, relative to the root of the deployment. */
  fileName: string;
  /** Line and column of the element at fault, from 1, where they are known. */
  line?: number;
  column?: number;
  problem: string;
}

/** A fault of a component, at one of its elements where there is one. */
export function faultOf(
  { type, fullName, fileName }: Pick<Component, 'type' | 'fullName' | 'fileName'>,
  problem: string,
  at?: Pick<XmlElement, 'line' | 'column'>,
): DeployFault {
  return { type, fullName, fileName, ...(at ? { line: at.line, column: at.column } : {}), problem };
}

/** A deployment in one go that was refused; its message lists every fault. */
export class DeploymentRefused extends Error {
  constructor(
    where: string,
    readonly faults: DeployFault[],
  ) {
    super([`Cannot deploy ${where}:`, ...faults.map((fault) => `  ${faultText(fault)}`)].join('\n'));
    this.name = 'DeploymentRefused';
  }
}

function faultText({ type, fullName, fileName, line, column, problem }: DeployFault): string {
  const place = line === undefined ? '' : ` (${line}:${column ?? 0})`;
  return `${fileName}: ${type} ${fullName}: ${problem}${place}`;
}
