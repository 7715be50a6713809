import { nameOf, objectOf, type DeployedComponent } from '../metadata/component';
import { writeComponents } from '../metadata/write-components';
import type { Org } from '../org/org';
import { text } from '../xml/xml-element';
import { writeMetadataXml } from '../xml/write-xml';
import type { ScreenFile, ScreenSource } from './screen-files';

/** The types that people's screens are made of. */
const TYPES = ['CustomLabels', 'LightningComponentBundle', 'QuickAction', 'StaticResource', 'Translations', 'WebLink'];

/**
 * The screen files of what an org has deployed, in source format. What came from a folder and was not deployed again since
 * is read anew from there: what is edited shows after a reload.
 *
 * @param folders the folders that the org was started with; absent where their names differ from the org's, as in a
 * namespace.
 */
export function deployedScreens(org: Org, folders: ScreenSource | undefined): ScreenSource {
  return () => {
    const live = new Map((folders?.() ?? []).map((file) => [keyOf(file.path), file]));
    return TYPES.flatMap((type) => org.metadata.list(type)).flatMap((component) => {
      if (component.type === 'StaticResource') return pageOf(component, live);
      const files = filesOf(org, component);
      if (component.modifiedAt > component.createdAt) return files;
      const folder = component.type === 'LightningComponentBundle' ? `lwc/${component.fullName}/` : undefined;
      // A bundle may have got files since; nothing else has more than one.
      const added = folder === undefined ? [] : [...live.values()].filter(({ path }) => keyOf(path).startsWith(folder));
      return added.length > 0 ? added : files.map((file) => live.get(keyOf(file.path)) ?? file);
    });
  };
}

/** A path from the folder of the metadata type on. */
function keyOf(path: string): string {
  return path.replace(/^.*?(?=(?:objects|lwc|labels|quickActions|staticresources|translations)\/)/, '');
}

/** The HTML of a static resource: of its folder, where the content is a file of its own, or as it was deployed. */
function pageOf({ fullName, root, files }: DeployedComponent, live: ReadonlyMap<string, ScreenFile>): ScreenFile[] {
  if (text(root, 'contentType') !== 'text/html') return [];
  const path = `staticresources/${fullName}.html`;
  const inFolder = live.get(path);
  if (inFolder !== undefined) return [inFolder];
  const [content] = files.values();
  return content === undefined ? [] : [{ path, text: new TextDecoder().decode(content) }];
}

function filesOf(org: Org, component: DeployedComponent): ScreenFile[] {
  const { type, root } = component;
  if (type === 'WebLink') {
    const path = `objects/${objectOf(component)}/webLinks/${nameOf(component)}.webLink-meta.xml`;
    return [{ path, text: writeMetadataXml({ ...root, name: type }) }];
  }
  const components = type === 'CustomLabels' ? [component, ...org.metadata.list('CustomLabel')] : [component];
  const decoder = new TextDecoder();
  return [...writeComponents(components)].map(([path, bytes]) => ({
    path: /^(?:labels|quickActions|translations)\//.test(path) ? `${path}-meta.xml` : path,
    text: decoder.decode(bytes),
  }));
}
