import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** The versions of the Lightning Design System that components can be drawn with: orgs have either. */
export const SLDS_VERSIONS = ['1', '2'] as const;
export type SldsVersion = (typeof SLDS_VERSIONS)[number];

/** The package of each version, and its styles. Those of 2 are the theme Cosmos, which new orgs have. */
const SHEETS: Readonly<Record<SldsVersion, { name: string; file: string; isScoped: boolean }>> = {
  1: {
    name: '@salesforce-ux/design-system',
    file: 'assets/styles/salesforce-lightning-design-system.min.css',
    isScoped: false,
  },
  2: { name: '@salesforce-ux/design-system-2', file: 'dist/css/bundled/slds2.scoped.cosmos.css', isScoped: true },
};

/** Where a version lies; undefined when it is not installed: both come with the development packages. */
function designSystem(version: SldsVersion): string | undefined {
  try {
    return dirname(require.resolve(`${SHEETS[version].name}/package.json`));
  } catch {
    return undefined;
  }
}

/** Whether a version is installed. */
export function hasSlds(version: SldsVersion): boolean {
  return designSystem(version) !== undefined;
}

/** A stylesheet, and the same compressed by brotli. */
export interface Stylesheet {
  css: string;
  brotli: Buffer;
}

const made = new Map<SldsVersion, Promise<Stylesheet | undefined>>();

/**
 * The styles of a version, held to elements of the class `slds-scope`, so that they touch the components alone and not
 * the pages around them. Read once; undefined when it is not installed.
 */
export function sldsStylesheet(version: SldsVersion): Promise<Stylesheet | undefined> {
  const known = made.get(version) ?? makeStylesheet(version);
  made.set(version, known);
  return known;
}

async function makeStylesheet(version: SldsVersion): Promise<Stylesheet | undefined> {
  const directory = designSystem(version);
  if (directory === undefined) return undefined;
  const { file, isScoped } = SHEETS[version];
  const text = await readFile(join(directory, file), 'utf8');
  const css = isScoped ? text : scopedCss(text);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return { css, brotli: await promisify(brotliCompress)(css, options) };
}

/** What names things for the whole page stays outside of the scope: custom properties and animations. */
function scopedCss(css: string): string {
  const global: string[] = [];
  const keep = (part: string): string => {
    global.push(part);
    return '';
  };
  const rest = css
    .replace(/^@charset[^;]+;/, '')
    .replace(/:root\{[^{}]*\}/g, keep)
    .replace(/@(?:-webkit-)?keyframes [\w-]+\{(?:[^{}]*\{[^{}]*\})*\}/g, keep);
  return `${global.join('\n')}\n@scope (.slds-scope){${rest}}`;
}

const CATEGORIES = new Set(['action', 'custom', 'doctype', 'standard', 'utility']);

/** An icon, its drawing under the id `icon`; undefined when there is none of that name. Version 2 comes without icons. */
export async function sldsIcon(category: string, name: string): Promise<string | undefined> {
  const directory = designSystem('1');
  if (directory === undefined || !CATEGORIES.has(category) || !/^\w+$/.test(name)) return undefined;
  try {
    const svg = await readFile(join(directory, 'assets', 'icons', category, `${name}.svg`), 'utf8');
    // As large as the place that uses it; white by itself, on a page it takes the colour that the styles give it.
    return svg
      .replace(/ (?:height|width)="\d+"/g, '')
      .replace('<svg ', '<svg id="icon" width="100%" height="100%" ')
      .replace(' fill="#fff"', '');
  } catch {
    return undefined;
  }
}
