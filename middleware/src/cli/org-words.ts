import { ENVIRONMENT_WORDS, type NamedOrg } from '../sync/environment';

/** What an org is called, and whether it is production, as a line says it. */
export function orgInWords({ name, environment }: NamedOrg): string {
  return `${name} (${ENVIRONMENT_WORDS[environment]})`;
}
