import type { Org } from './org.store';

/** What kind of org it is. `developer`: a developer or trial org. `emulator`: one on this machine. */
export const ENVIRONMENTS = ['production', 'sandbox', 'scratch', 'developer', 'emulator'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** An org as people tell it from others. */
export interface NamedOrg {
  environment: Environment;
  /** As Salesforce has it, else the host of its address. */
  name: string;
}

/**
 * What an org is called, and whether it is production: as its address says, which tells scratch orgs and sandboxes apart,
 * else as Salesforce said when it was last looked at. Pure.
 */
export function namedOrg({
  instanceUrl,
  loginUrl,
  organization,
}: Pick<Org, 'instanceUrl' | 'loginUrl' | 'organization'>): NamedOrg {
  const url = instanceUrl ?? loginUrl;
  const byAddress = environmentOf(url);
  // An emulator may stand in for a sandbox.
  const isPlain = byAddress === 'production' || byAddress === 'emulator';
  const environment = isPlain && organization?.isSandbox === true ? 'sandbox' : byAddress;
  return { environment, name: organization?.name ?? hostOf(url) };
}

/** What kind of org an address leads to. Pure. */
export function environmentOf(url: string): Environment {
  const host = hostOf(url).replace(/:\d+$/, '');
  if (/^(localhost|127\..*|\[::1\])$/.test(host)) return 'emulator';
  if (/\.sandbox\.my\.salesforce\.com$|^test\.salesforce\.com$/.test(host)) return 'sandbox';
  if (/\.scratch\.my\.salesforce\.com$/.test(host)) return 'scratch';
  if (/\.(develop|trailblaze|trial)\.my\.salesforce\.com$|-dev-ed\./.test(host)) return 'developer';
  return 'production';
}

/** The environments in words, for people. */
export const ENVIRONMENT_WORDS: Record<Environment, string> = {
  production: 'Production',
  sandbox: 'Sandbox',
  scratch: 'Scratch org',
  developer: 'Developer',
  emulator: 'Emulator',
};

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
