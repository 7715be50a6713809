import type { XmlElement } from '../xml/xml-element';
import type { Component } from './component';
import { faultOf, type DeployFault } from './deploy-fault';
import { elementTypes } from './element-types';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

/** Elements that hold more than their declaration tells: XML of their own. */
const OPEN_ELEMENTS = new Set(['LightningComponentBundle.targetConfigs']);

/**
 * Holds the elements of a component against its metadata type: elements that the type does not have, values that they
 * cannot have, and required elements that are missing.
 */
export function checkElements(component: Component): DeployFault[] {
  const faults: DeployFault[] = [];
  checkType(component.root, component.type, (problem, at) => faults.push(faultOf(component, problem, at)));
  return faults;
}

type Report = (problem: string, at: XmlElement) => void;

function checkType(element: XmlElement, typeName: string, report: Report): void {
  const types = elementTypes();
  if (element.namespace !== NAMESPACE) {
    report(
      `Error parsing file: Element {${element.namespace}}${element.name} is not of the namespace ${NAMESPACE}`,
      element,
    );
    return;
  }
  if (types.isComplex(typeName)) checkElementsOf(element, typeName, report);
  else checkValue(element, typeName, report);
}

function checkElementsOf(element: XmlElement, typeName: string, report: Report): void {
  const definitions = elementTypes().elementsOf(typeName);
  const seen = new Set<string>();
  for (const child of element.children) {
    const definition = definitions.get(child.name);
    if (!definition) {
      report(
        `Error parsing file: Element {${child.namespace}}${child.name} invalid at this location in type ${typeName}`,
        child,
      );
      continue;
    }
    if (seen.has(child.name) && !definition.isRepeatable) {
      report(`Error parsing file: Element ${child.name} is duplicated at this location in type ${typeName}`, child);
    }
    seen.add(child.name);
    if (!OPEN_ELEMENTS.has(`${typeName}.${child.name}`)) checkType(child, definition.type, report);
  }
  if (element.text !== '' && element.children.length === 0) {
    report(`Error parsing file: Text is invalid at this location in type ${typeName}`, element);
  }
  for (const [name, { isRequired }] of definitions) {
    if (isRequired && !seen.has(name)) report(`Required field is missing: ${name}`, element);
  }
}

function checkValue(element: XmlElement, typeName: string, report: Report): void {
  const { name, text } = element;
  if (typeName === 'any' || element.attributes['xsi:nil'] === 'true') return;
  const [inner] = element.children;
  if (inner) {
    report(
      `Error parsing file: Element {${inner.namespace}}${inner.name} invalid at this location in type ${name}`,
      inner,
    );
    return;
  }
  const values = elementTypes().valuesOf(typeName);
  if (values && !values.has(text)) {
    report(`Error parsing file: '${text}' is not a valid value for the enum '${typeName}'`, element);
  } else if (typeName === 'boolean' && !/^(?:true|false|0|1)$/.test(text)) {
    report(`Error parsing file: '${text}' is not a valid value for the type xsd:boolean`, element);
  } else if (typeName === 'number' && !/^-?\d+(?:\.\d+)?$/.test(text)) {
    report(`Error parsing file: '${text}' is not a valid value for a number`, element);
  }
}
