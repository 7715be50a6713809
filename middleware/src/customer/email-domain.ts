import providers from 'email-providers/all.json';

/** Mail of Japanese carriers and internet providers that the list lacks. */
const MORE_PROVIDERS = [
  'asahi-net.or.jp',
  'au.com',
  'biglobe.ne.jp',
  'dion.ne.jp',
  'disney.ne.jp',
  'eonet.ne.jp',
  'fastmail.com',
  'hi-ho.ne.jp',
  'infoweb.ne.jp',
  'nifty.com',
  'nifty.ne.jp',
  'ocn.ne.jp',
  'odn.ne.jp',
  'rakuten.jp',
  'rakumail.jp',
  'so-net.ne.jp',
  'uqmobile.jp',
  'willcom.com',
  'ymobile.ne.jp',
  'y-mobile.ne.jp',
];

/** The list has a few of these, and every company of the country is below one. */
const PUBLIC_SUFFIX = /^(?:ac|co|com|edu|go|gov|ne|net|or|org)\.[a-z]{2}$/;

const PROVIDERS: ReadonlySet<string> = new Set(
  [...providers, ...MORE_PROVIDERS].filter((domain) => !PUBLIC_SUFFIX.test(domain)),
);

/**
 * The domain of an address, when it says something of the company behind it. Pure.
 *
 * @param email as `normalizeEmail` gives it.
 * @returns null for the domains, and what is below the domains, of providers that give an address to anybody.
 */
export function companyDomain(email: string | null): string | null {
  const domain = email?.split('@')[1] ?? '';
  const labels = domain.split('.');
  if (labels.length < 2) return null;
  const above = labels.slice(0, -1).map((_label, place) => labels.slice(place).join('.'));
  return above.some((name) => PROVIDERS.has(name)) ? null : domain;
}

/** How a website of the domain may be written, for a query: the org compares letter by letter, without case. Pure. */
export function websiteSpellings(domain: string): string[] {
  const hosts = [domain, `www.${domain}`];
  const urls = ['https://', 'http://'].flatMap((scheme) => hosts.map((host) => scheme + host));
  return [...hosts, ...urls, ...urls.map((url) => `${url}/`)];
}

/** The domain of a website as somebody wrote it, without `www.`; null when there is none. Pure. */
export function domainOfWebsite(website: string): string | null {
  const [, host = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#:\s]+)/.exec(website.trim().toLowerCase()) ?? [];
  return host.includes('.') ? host : null;
}
