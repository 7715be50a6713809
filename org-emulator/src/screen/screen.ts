import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { ScreenFile } from './screen-files';

/** A custom button or link of an object. */
export interface WebLink {
  name: string;
  label: string;
  /** With merge fields: `{!Contact.Email}`. */
  url: string;
}

/** A quick action of an object that runs a component without showing it. */
export interface QuickAction {
  label: string;
  /** The component's name. */
  component: string;
}

/** A component that an administrator can put on a page. */
export interface PageComponent {
  /** `bookingList`, the name of its folder. */
  name: string;
  label: string;
  /** `lightning__RecordPage`, `lightning__AppPage`, … */
  targets: string[];
  /** The objects on whose record pages it may stand; empty means all. */
  objects: string[];
}

/** What people see of a package. */
export interface Screen {
  /** The buttons of an object, by name. */
  webLinks(sobject: string): WebLink[];
  /** The quick actions of an object, by name; those that open a panel are not shown here. */
  quickActions(sobject: string): QuickAction[];
  /** The components that pages may have, by name. */
  components: PageComponent[];
  /** The custom labels in a language (`de`), in the package's own where there is no translation. */
  labels(language: string): Record<string, string>;
  /** The HTML of a static resource; undefined when there is none of that name, or it is no page. */
  resource(name: string): string | undefined;
  /** The files of all bundles, those that are not exposed included. */
  bundleFiles: ScreenFile[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => ['target', 'targetConfig', 'object', 'labels', 'customLabels'].includes(name),
});

const webLinkSchema = z.object({
  WebLink: z.object({
    linkType: z.string(),
    masterLabel: z.string(),
    url: z.string().default(''),
  }),
});
const quickActionSchema = z.object({
  QuickAction: z.object({
    actionSubtype: z.string().optional(),
    label: z.string().default(''),
    lightningWebComponent: z.string().optional(),
  }),
});
const bundleSchema = z.object({
  LightningComponentBundle: z.object({
    isExposed: z.string().default('false'),
    masterLabel: z.string().optional(),
    targets: z.union([z.object({ target: z.array(z.string()) }), z.string()]).optional(),
    targetConfigs: z
      .object({
        targetConfig: z.array(
          z.object({
            '@targets': z.string(),
            objects: z.union([z.object({ object: z.array(z.string()) }), z.string()]).optional(),
          }),
        ),
      })
      .optional(),
  }),
});
const labelsSchema = z.object({
  CustomLabels: z.object({ labels: z.array(z.object({ fullName: z.string(), value: z.string() })).default([]) }),
});
const translationSchema = z.object({
  Translations: z.object({
    customLabels: z.array(z.object({ name: z.string(), label: z.string() })).default([]),
  }),
});

/**
 * Understands the files that screens are made of.
 *
 * @throws when a file is not what its name says; the message names it.
 */
export function readScreen(files: readonly ScreenFile[]): Screen {
  const webLinks = named(files, /objects\/(\w+)\/webLinks\/(\w+)\.webLink-meta\.xml$/).flatMap(
    ([file, object, name]) => {
      const { linkType, masterLabel, url } = parse(file, webLinkSchema).WebLink;
      return linkType === 'url' ? [{ object, name, label: masterLabel, url }] : [];
    },
  );
  const actions = named(files, /quickActions\/(\w+)\.(\w+)\.quickAction-meta\.xml$/).flatMap(([file, object]) => {
    const { actionSubtype, label, lightningWebComponent: component } = parse(file, quickActionSchema).QuickAction;
    return actionSubtype === 'Action' && component !== undefined ? [{ object, label, component }] : [];
  });
  const components = named(files, /lwc\/(\w+)\/\w+\.js-meta\.xml$/).flatMap(([file, name]) => componentOf(file, name));
  const own = named(files, /labels\/(\w+)\.labels-meta\.xml$/).flatMap(([file]) =>
    parse(file, labelsSchema).CustomLabels.labels.map(({ fullName, value }) => [fullName, value] as const),
  );
  const translations = named(files, /translations\/(\w+)\.translation-meta\.xml$/).map(([file, language]) => ({
    language,
    labels: parse(file, translationSchema).Translations.customLabels.map(({ name, label }) => [name, label] as const),
  }));
  return {
    webLinks: (sobject) =>
      webLinks
        .filter(({ object }) => object.toLowerCase() === sobject.toLowerCase())
        .map(({ name, label, url }) => ({ name, label, url })),
    quickActions: (sobject) =>
      actions
        .filter(({ object }) => object.toLowerCase() === sobject.toLowerCase())
        .map(({ label, component }) => ({ label, component })),
    components,
    labels: (language) => ({
      ...Object.fromEntries(own),
      // `en_US` is a kind of `en`, and `de_AT` of `de`: the nearer one last.
      ...Object.fromEntries(
        translations
          .filter(({ language: other }) => language === other || language.startsWith(`${other}_`))
          .sort((a, b) => a.language.length - b.language.length)
          .flatMap(({ labels }) => labels),
      ),
    }),
    resource: (name) => files.find(({ path }) => path.endsWith(`staticresources/${name}.html`))?.text,
    bundleFiles: files.filter(({ path }) => /(?:^|\/)lwc\/\w+\/[^/]+$/.test(path)),
  };
}

function componentOf(file: ScreenFile, name: string): PageComponent[] {
  const { isExposed, masterLabel, targets, targetConfigs } = parse(file, bundleSchema).LightningComponentBundle;
  if (isExposed !== 'true') return [];
  const recordPage = targetConfigs?.targetConfig.find((config) => config['@targets'].includes('lightning__RecordPage'));
  const objects = typeof recordPage?.objects === 'object' ? recordPage.objects.object : [];
  return [{ name, label: masterLabel ?? name, targets: typeof targets === 'object' ? targets.target : [], objects }];
}

/** The files whose paths fit, each with the groups of the pattern. */
function named(files: readonly ScreenFile[], pattern: RegExp): [file: ScreenFile, first: string, second: string][] {
  return files.flatMap((file) => {
    const match = new RegExp(`(?:^|/)${pattern.source}`).exec(file.path);
    return match ? [[file, match[1] ?? '', match[2] ?? ''] as [ScreenFile, string, string]] : [];
  });
}

function parse<T>({ path, text }: ScreenFile, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parser.parse(text));
  if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`);
  return result.data;
}
