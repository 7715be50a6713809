import { generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** How long a certificate that is made here is good. Salesforce takes no assertion under one that has ended. */
const YEARS = 5;

/** A key to sign in with, and the certificate by which the org knows it; both PEM. */
export interface KeyAndCertificate {
  privateKey: string;
  certificate: string;
}

/**
 * Makes an RSA key of 2048 bits and a certificate for it, signed by itself: Salesforce takes the public key out of it and
 * asks nobody who stands behind it.
 *
 * @param name its common name. ASCII.
 */
export async function makeKeyAndCertificate(name: string, now: Date): Promise<KeyAndCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(certify(name, publicKey, privateKey, now)),
  };
}

/**
 * The certificate in DER. A dozen fixed fields: a library for it brings twenty packages into a process that holds secrets.
 * @see RFC 5280, section 4.1
 */
function certify(name: string, publicKey: KeyObject, privateKey: KeyObject, now: Date): Buffer {
  const ends = new Date(now);
  ends.setUTCFullYear(ends.getUTCFullYear() + YEARS);
  // sha256WithRSAEncryption, 1.2.840.113549.1.1.11
  const algorithm = sequence(oid('2a864886f70d01010b'), der(0x05));
  // commonName, 2.5.4.3
  const subject = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));
  const serial = randomBytes(16);
  // Positive, and not so that its first byte could be left out.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, serial),
    algorithm,
    subject,
    sequence(utcTime(now), utcTime(ends)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('RSA-SHA256', content, privateKey)]);
  return sequence(content, algorithm, der(0x03, signature));
}

/** One element: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const hex = body.length.toString(16);
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body]);
}

function sequence(...content: Buffer[]): Buffer {
  return der(0x30, ...content);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** Of the years 1950 to 2049. */
function utcTime(at: Date): Buffer {
  return der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/\D/g, '')}Z`));
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
