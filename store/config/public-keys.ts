/** OpenSSH public keys: which ones are accepted, and their fingerprints. */
import { createHash, createPublicKey } from 'node:crypto';
import { StoreError } from '../errors.js';

export interface PublicKey {
  /** `type base64`, without the comment, which often is a person's name. */
  readonly key: string;
  /** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

const CURVES: Readonly<Record<string, { crv: string; bytes: number }>> = {
  nistp256: { crv: 'P-256', bytes: 32 },
  nistp384: { crv: 'P-384', bytes: 48 },
  nistp521: { crv: 'P-521', bytes: 66 },
};
const MIN_RSA_BITS = 2048;

const invalid = (why: string): StoreError =>
  new StoreError(
    'KEY_INVALID',
    `this is not a public key that can be accepted: ${why}; give the one line of a .pub file ` +
      '(ssh-ed25519, ecdsa, or ssh-rsa with at least 2048 bits)',
  );

/** @throws StoreError KEY_INVALID, without quoting the input */
export function parsePublicKey(text: string): PublicKey {
  const line = text.trim();
  if (line.includes('PRIVATE KEY'))
    throw invalid('it is a private key, which stays with its owner');
  if (/[\r\n]/.test(line)) throw invalid('it has more than one line');
  const [type = '', base64 = ''] = line.split(/[ \t]+/);
  if (!/^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521))$/.test(type)) {
    throw invalid('its type is not accepted');
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw invalid('it is not whole');
  const blob = Buffer.from(base64, 'base64');
  const fields = readFields(blob);
  if (fields[0]?.toString('latin1') !== type) throw invalid('its two parts do not agree');
  checkKey(type, fields.slice(1));
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { key: `${type} ${blob.toString('base64')}`, fingerprint: `SHA256:${digest}` };
}

/** The length-prefixed fields of an SSH blob, all of it. */
function readFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < blob.length) {
    if (at + 4 > blob.length) throw invalid('it is not whole');
    const length = blob.readUInt32BE(at);
    at += 4;
    if (at + length > blob.length) throw invalid('it is not whole');
    fields.push(blob.subarray(at, at + length));
    at += length;
  }
  return fields;
}

function checkKey(type: string, fields: readonly Buffer[]): void {
  const [one, two] = fields;
  if (type === 'ssh-ed25519') {
    if (fields.length !== 1 || one?.length !== 32) throw invalid('it is not whole');
    return;
  }
  if (!one || !two || fields.length !== 2) throw invalid('it is not whole');
  if (type === 'ssh-rsa') checkRsa(one, two);
  else checkCurve(type, one, two);
}

function checkRsa(exponent: Buffer, modulus: Buffer): void {
  if (bitLength(modulus) < MIN_RSA_BITS) throw invalid('its RSA modulus is shorter than 2048 bits');
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!odd || bitLength(exponent) < 2) throw invalid('its RSA exponent is not usable');
}

function bitLength(number: Buffer): number {
  const from = number.findIndex((byte) => byte !== 0);
  if (from < 0) return 0;
  return (number.length - from) * 8 - Math.clz32(number[from] ?? 0) + 24;
}

/** The point must lie on the curve that the type names; OpenSSL decides. */
function checkCurve(type: string, curve: Buffer, point: Buffer): void {
  const name = curve.toString('latin1');
  const known = CURVES[name];
  if (!known || !type.endsWith(name)) throw invalid('its two parts do not agree');
  if (point.length !== 1 + 2 * known.bytes || point[0] !== 4) throw invalid('it is not whole');
  const half = (from: number) => point.subarray(from, from + known.bytes).toString('base64url');
  const jwk = { kty: 'EC', crv: known.crv, x: half(1), y: half(1 + known.bytes) };
  try {
    createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw invalid('its point is not on the curve');
  }
}
