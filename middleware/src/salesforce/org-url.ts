/** A host that credentials are never sent to. `remedy` says what to enter instead. */
export class RefusedHostError extends Error {
  readonly code = 'REFUSED_HOST';
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(`${message}. ${remedy}`);
    this.name = 'RefusedHostError';
    this.remedy = remedy;
  }
}

const MY_DOMAIN_REMEDY = 'Enter the My Domain address of the org, as https://example.my.salesforce.com';

/**
 * The origin of an org's sign-in or API address, once it is certain that it is Salesforce's: secrets and customer data
 * are sent there.
 *
 * @param url an https address on salesforce.com; a path is ignored.
 * @param options `allowLoopback` also takes http and https addresses of this machine (the org emulator).
 * @returns scheme, host and port, without a slash at the end.
 * @throws RefusedHostError for any other address. Its message names the host at most, never a user or password in it.
 * @see https://help.salesforce.com/s/articleView?id=sf.domain_name_url_formats.htm
 */
export function orgOrigin(url: string, options: { allowLoopback?: boolean } = {}): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new RefusedHostError('Expected a web address, got something else', MY_DOMAIN_REMEDY);
  }
  const { protocol, hostname, username, password, port, origin } = parsed;
  if (username !== '' || password !== '') {
    throw new RefusedHostError('Expected a web address without user and password', MY_DOMAIN_REMEDY);
  }
  if (options.allowLoopback === true && isLoopback(origin) && /^https?:$/.test(protocol)) return origin;
  if (/\.(?:lightning\.force|salesforce-setup)\.com$/.test(hostname)) {
    throw new RefusedHostError(`${hostname} shows pages to people and has no API`, MY_DOMAIN_REMEDY);
  }
  if (protocol !== 'https:' || port !== '' || !hostname.endsWith('.salesforce.com')) {
    throw new RefusedHostError(
      `Expected an https address on salesforce.com, got ${protocol}//${hostname}`,
      MY_DOMAIN_REMEDY,
    );
  }
  return origin;
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
