import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A file of a package in source format; the path has forward slashes and is relative to the package. */
export interface ScreenFile {
  path: string;
  text: string;
}

/** Gives the files that people's screens are made of, as they are now. */
export type ScreenSource = () => ScreenFile[];

/** Components, buttons, quick actions, static pages, labels and their translations; no tests of components. */
const WANTED =
  /(?:^|\/)(?:lwc\/\w+\/[^/]+|webLinks\/\w+\.webLink-meta\.xml|quickActions\/\w+\.\w+\.quickAction-meta\.xml|staticresources\/\w+\.html|labels\/\w+\.labels-meta\.xml|translations\/\w+\.translation-meta\.xml)$/;

/** The screen files of SFDX folders, read anew whenever they are asked for: what is edited shows after a reload. */
export function folderScreens(directories: readonly string[]): ScreenSource {
  return () => directories.flatMap(readFolder);
}

function readFolder(directory: string): ScreenFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => WANTED.test(path) && !/(?:^|\/)(?:node_modules|__tests__|__mocks__)\//.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(directory, path), 'utf8') }));
}
