import type { JsonObject } from '../shared/json-value.js';
import { JwkDefect } from './jwk-defect.js';
import type { RsaMaterial } from './key-material.js';
import { publishedOctets } from './published-octets.js';
import { hasRocaFingerprint } from './roca.js';

/** RFC 7518 §3.3: shorter keys must not be used. */
const MIN_MODULUS_BITS = 2048;

/** RFC 7518 §8.6: a verification costs the square of this (CVE-2023-29409). */
const MAX_MODULUS_BITS = 8192;

/** What every common library can hold; decision D-19. */
const MAX_EXPONENT = 2n ** 31n - 1n;

/** The public members of an RSA key, in their shortest spelling (RFC 7518 §6.3.1), or what is wrong with them. */
export function rsaMaterial({ n, e }: JsonObject): RsaMaterial | JwkDefect {
  const modulus = unsignedInteger(n);
  const exponent = unsignedInteger(e);
  if (!modulus || !exponent) return new JwkDefect('member_malformed');
  if (modulus.bits < MIN_MODULUS_BITS || modulus.bits > MAX_MODULUS_BITS) return new JwkDefect('rsa_size');
  if (exponent.bits > 31 || !isSoundExponent(toBigInt(exponent.octets))) return new JwkDefect('rsa_exponent');
  const value = toBigInt(modulus.octets);
  if (value % 2n === 0n) return new JwkDefect('rsa_modulus');
  if (hasRocaFingerprint(value)) return new JwkDefect('roca');
  return { kty: 'RSA', n: modulus.octets.toString('base64url'), e: exponent.octets.toString('base64url') };
}

/** Odd, because it must be coprime to an even number, and not 1, which would sign nothing. */
function isSoundExponent(exponent: bigint): boolean {
  return exponent >= 3n && exponent % 2n === 1n && exponent <= MAX_EXPONENT;
}

/** Some issuers write a leading zero octet, as DER does; the number is what counts (R7518-02). */
function unsignedInteger(member: unknown): { readonly octets: Buffer; readonly bits: number } | undefined {
  const decoded = typeof member === 'string' ? publishedOctets(member) : undefined;
  if (!decoded || decoded.length === 0) return undefined;
  const start = decoded.findIndex((octet) => octet !== 0);
  const octets = decoded.subarray(start === -1 ? decoded.length - 1 : start);
  const [top = 0] = octets;
  return { octets, bits: octets.length * 8 - (Math.clz32(top) - 24) };
}

function toBigInt(octets: Buffer): bigint {
  return BigInt(`0x${octets.toString('hex')}`);
}
