import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** Where the Lightning Design System lies; undefined when it is not installed: it comes with the development packages. */
function designSystem(): string | undefined {
  try {
    return join(dirname(require.resolve('@salesforce-ux/design-system/package.json')), 'assets');
  } catch {
    return undefined;
  }
}

/** A stylesheet, and the same compressed by brotli. */
export interface Stylesheet {
  css: string;
  brotli: Buffer;
}

let made: Promise<Stylesheet | undefined> | undefined;

/**
 * The design system's styles, held to elements of the class `slds-scope`, so that they touch the components alone and not
 * the pages around them. Read once; undefined when it is not installed.
 */
export function sldsStylesheet(): Promise<Stylesheet | undefined> {
  made ??= makeStylesheet();
  return made;
}

async function makeStylesheet(): Promise<Stylesheet | undefined> {
  const directory = designSystem();
  if (directory === undefined) return undefined;
  const file = join(directory, 'styles', 'salesforce-lightning-design-system.min.css');
  const css = scopedCss(await readFile(file, 'utf8'));
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

/** An icon of the design system, its drawing under the id `icon`; undefined when there is none of that name. */
export async function sldsIcon(category: string, name: string): Promise<string | undefined> {
  const directory = designSystem();
  if (directory === undefined || !CATEGORIES.has(category) || !/^\w+$/.test(name)) return undefined;
  try {
    const svg = await readFile(join(directory, 'icons', category, `${name}.svg`), 'utf8');
    // As large as the place that uses it; white by itself, on a page it takes the colour that the styles give it.
    return svg
      .replace(/ (?:height|width)="\d+"/g, '')
      .replace('<svg ', '<svg id="icon" width="100%" height="100%" ')
      .replace(' fill="#fff"', '');
  } catch {
    return undefined;
  }
}
