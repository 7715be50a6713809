import { nameOf, objectOf, type DeployedComponent } from '../metadata/component';
import { writeComponents } from '../metadata/write-components';
import type { Org } from '../org/org';
import { writeMetadataXml } from '../xml/write-xml';
import type { ScreenFile, ScreenSource } from './screen-files';

/** The types that people's screens are made of. */
const TYPES = ['CustomLabels', 'LightningComponentBundle', 'Translations', 'WebLink'];

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
  return path.replace(/^.*?(?=(?:objects|lwc|labels|translations)\/)/, '');
}

function filesOf(org: Org, component: DeployedComponent): ScreenFile[] {
  const { type, root } = component;
  if (type === 'WebLink') {
    const path = `objects/${objectOf(component)}/webLinks/${nameOf(component)}.webLink-meta.xml`;
    return [{ path, text: writeMetadataXml({ ...root, name: type }) }];
  }
  const components = type === 'CustomLabels' ? [component, ...org.metadata.list('CustomLabel')] : [component];
  const text = new TextDecoder();
  return [...writeComponents(components)].map(([path, bytes]) => ({
    path: /^(?:labels|translations)\//.test(path) ? `${path}-meta.xml` : path,
    text: text.decode(bytes),
  }));
}
