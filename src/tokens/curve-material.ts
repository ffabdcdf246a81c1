/** Reads the numbers of elliptic-curve keys from a JWK. */
import type { JsonObject } from '../shared/json-value.js';
import { JwkDefect } from './jwk-defect.js';
import type { EcMaterial, OkpMaterial } from './key-material.js';
import { publishedOctets } from './published-octets.js';

/** Octets of a field element; a coordinate has exactly as many (RFC 7518 §6.2.1.2). */
const fieldOctets: ReadonlyMap<string, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
]);

const ED25519_OCTETS = 32;

/** The field of edwards25519, RFC 8032 §5.1. */
const ED25519_PRIME = 2n ** 255n - 19n;

/**
 * y of the eight points whose order divides 8. Under such a "key" one signature is good for every message, and RFC 8032
 * leaves it to us to refuse them.
 */
const orderEight = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const smallOrder: ReadonlySet<bigint> = new Set([0n, 1n, ED25519_PRIME - 1n, orderEight, ED25519_PRIME - orderEight]);

/** The public members of an EC key (RFC 7518 §6.2). Whether the point is on its curve is found out by the import. */
export function ecMaterial({ crv, x, y }: JsonObject): EcMaterial | JwkDefect {
  const octets = typeof crv === 'string' ? fieldOctets.get(crv) : undefined;
  if (typeof crv !== 'string' || octets === undefined) return new JwkDefect('crv_unsupported');
  const point = { x: octetsOf(x, octets), y: octetsOf(y, octets) };
  if (!point.x || !point.y) return new JwkDefect('member_malformed');
  return { kty: 'EC', crv, x: point.x.toString('base64url'), y: point.y.toString('base64url') };
}

/** The public members of an OKP key (RFC 8037 §2): Ed25519, because X25519 signs nothing and Ed448 is not in WebCrypto. */
export function okpMaterial({ crv, x }: JsonObject): OkpMaterial | JwkDefect {
  if (crv !== 'Ed25519') return new JwkDefect('crv_unsupported');
  const octets = octetsOf(x, ED25519_OCTETS);
  if (!octets) return new JwkDefect('member_malformed');
  const y = BigInt.asUintN(255, littleEndian(octets));
  if (y >= ED25519_PRIME || smallOrder.has(y)) return new JwkDefect('point_invalid');
  return { kty: 'OKP', crv, x: octets.toString('base64url') };
}

function octetsOf(member: unknown, length: number): Buffer | undefined {
  const octets = typeof member === 'string' ? publishedOctets(member) : undefined;
  return octets?.length === length ? octets : undefined;
}

function littleEndian(octets: Buffer): bigint {
  return BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
}
