import { createPrivateKey } from 'node:crypto';
import { orgOrigin, RefusedHostError } from '../salesforce/org-url';
import type { SignInFlow } from '../sync/org.store';
import type { FieldFault } from './refused';

/** A connection as an admin types it in. */
export interface TypedConnection {
  flow: SignInFlow;
  /** `login`, `test`, or the My Domain address of the org, with or without `https://`. */
  host: string;
  clientId: string;
  clientSecret: string | null;
  username: string | null;
  /** PEM; null: one is made, with its certificate. */
  privateKey: string | null;
}

/** Where the connector is, for what depends on it. */
export interface Surroundings {
  allowLoopback: boolean;
  callbackUrl: string;
}

/** The address that a host means. */
export function loginUrlOf(host: string): string {
  const typed = host.trim();
  if (/^(login|test)$/i.test(typed)) return `https://${typed.toLowerCase()}.salesforce.com`;
  return /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
}

/** Whether it is one of the addresses at which orgs of all customers sign in. */
function isShared(loginUrl: string): boolean {
  return /^https:\/\/(login|test)\.salesforce\.com$/.test(loginUrl);
}

/**
 * What can be known to be wrong with a connection before Salesforce is asked. Pure.
 * @returns its faults, or the address to sign in at.
 */
export function checkConnection(
  { flow, host, clientId, clientSecret, username, privateKey }: TypedConnection,
  { allowLoopback, callbackUrl }: Surroundings,
): { faults: FieldFault[]; loginUrl: string } {
  const faults: FieldFault[] = [];
  const add = (field: string, error: string): void => void faults.push({ field, error });
  let loginUrl = '';
  try {
    loginUrl = orgOrigin(loginUrlOf(host), { allowLoopback });
  } catch (error) {
    if (!(error instanceof RefusedHostError)) throw error;
    add('host', error.message);
  }
  if (!/^[\w.!~*-]{10,}$/.test(clientId))
    add('clientId', 'This is no consumer key: copy it from the app, without spaces around it');
  if (flow === 'clientCredentials') {
    if (isShared(loginUrl))
      add('host', 'With client credentials Salesforce takes a sign-in at the My Domain address of the org only');
    if (clientSecret === null) add('clientSecret', 'With client credentials the app has a consumer secret');
  }
  if (flow === 'jwtBearer') {
    if (username === null || !/^\S+@\S+$/.test(username))
      add('username', 'Enter the username of the API user, which looks like an e-mail address');
    const fault = privateKey === null ? null : keyFault(privateKey);
    if (fault !== null) add('privateKey', fault);
  }
  if (flow === 'authorizationCode' && !isReachableByBrowser(callbackUrl))
    add('flow', `Salesforce returns to https addresses only, and not to ${callbackUrl}: set PUBLIC_URL to one`);
  return { faults, loginUrl };
}

/** Salesforce takes http for the machine of the browser alone. */
function isReachableByBrowser(callbackUrl: string): boolean {
  const { protocol, hostname } = new URL(callbackUrl);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function keyFault(pem: string): string | null {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') return `Expected an RSA key, got ${key.asymmetricKeyType ?? 'another one'}`;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits < 2048 ? `Expected an RSA key of 2048 bits or more, got ${bits}` : null;
  } catch {
    return 'This is no private key in PEM form without a passphrase: it begins with "-----BEGIN PRIVATE KEY-----".';
  }
}
