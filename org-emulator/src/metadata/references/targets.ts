import { children, text } from '../../xml/xml-element';
import type { Component } from '../component';
import { faultOf, type DeployFault } from '../deploy-fault';
import type { Prospect } from '../prospect';
import { at } from './reference';

/** The target that a component needs for a page of each type. */
const PAGE_TARGETS: Readonly<Record<string, string>> = {
  AppPage: 'lightning__AppPage',
  HomePage: 'lightning__HomePage',
  RecordPage: 'lightning__RecordPage',
};
const ACTION_TARGET = 'lightning__RecordAction';

/** A component on a page has to be made for pages of that type. */
export function checkPageTargets(page: Component, prospect: Prospect): DeployFault[] {
  const target = PAGE_TARGETS[text(page.root, 'type') ?? ''];
  if (target === undefined) return [];
  return at(page.root, 'flexiPageRegions.itemInstances.componentInstance.componentName').flatMap((element) => {
    const name = element.text.replace(/^c:/, '');
    const bundle = prospect.get('LightningComponentBundle', name);
    if (bundle === undefined || targetsOf(bundle).includes(target)) return [];
    return [faultOf(page, `The component c:${name} is not available for a page of this type: ${target}`, element)];
  });
}

/** A component behind a quick action has to be made for one, of the same kind: with a panel, or without. */
export function checkActionTarget(action: Component, prospect: Prospect): DeployFault[] {
  const [element] = at(action.root, 'lightningWebComponent');
  const name = (element?.text ?? '').replace(/^c:/, '');
  const bundle = prospect.get('LightningComponentBundle', name);
  if (element === undefined || bundle === undefined) return [];
  if (!targetsOf(bundle).includes(ACTION_TARGET))
    return [faultOf(action, `The component c:${name} is not available for quick actions: ${ACTION_TARGET}`, element)];
  const made = actionTypeOf(bundle);
  const wanted = text(action.root, 'actionSubtype') ?? 'ScreenAction';
  if (made === wanted) return [];
  return [faultOf(action, `The actionSubtype ${wanted} does not match the actionType ${made} of c:${name}`, element)];
}

/** The page behind a tab is one that stands by itself. */
export function checkTabPage(tab: Component, prospect: Prospect): DeployFault[] {
  return at(tab.root, 'flexiPage').flatMap((element) => {
    const page = prospect.get('FlexiPage', element.text);
    const type = page && text(page.root, 'type');
    if (type === undefined || type === 'AppPage') return [];
    return [faultOf(tab, `The page ${element.text} is a ${type}: a tab shows an AppPage`, element)];
  });
}

function targetsOf({ root }: Component): string[] {
  return text(root, 'isExposed') === 'true' ? at(root, 'targets.target').map((element) => element.text) : [];
}

function actionTypeOf({ root }: Component): string {
  const config = at(root, 'targetConfigs.targetConfig').find((element) =>
    (element.attributes['targets'] ?? '').split(',').some((target) => target.trim() === ACTION_TARGET),
  );
  return (config && children(config, 'actionType')[0]?.text) ?? 'ScreenAction';
}
