/** Says how strong a published key is, by the tables of NIST: what is too little is for others to say. */
import type { JsonObject } from '../shared/json-value.js';

/** What a key is, and how many bits of security it has at most. */
export interface KeyStrength {
  /** Such as `RSA 2048` or `P-256`. */
  readonly name: string;
  /** Bits of security, by NIST SP 800-57 part 1 revision 5, table 2. */
  readonly bits: number;
}

/** SP 800-57 part 1 revision 5, table 2: bits of the modulus, and of security. What lies between two rows has the strength of the lower one. */
const rsa: readonly (readonly [modulus: number, bits: number])[] = [
  [15_360, 256],
  [7_680, 192],
  [3_072, 128],
  [2_048, 112],
  [1_024, 80],
];

/** The same table for curves; Ed25519: SP 800-186, table 1; ML-DSA: its categories (FIPS 204, table 1), by the symmetric keys that define them. */
const named: ReadonlyMap<string, number> = new Map([
  ['P-256', 128],
  ['P-384', 192],
  ['P-521', 256],
  ['Ed25519', 128],
  ['ML-DSA-44', 128],
  ['ML-DSA-65', 192],
  ['ML-DSA-87', 256],
]);

/** @param jwk a key that was found to be sound @returns undefined for one of a kind that no table has */
export function strengthOf({ kty, n, crv, alg }: JsonObject): KeyStrength | undefined {
  if (kty === 'RSA') return typeof n === 'string' ? strengthOfModulus(n) : undefined;
  const name = kty === 'AKP' ? alg : crv;
  if (typeof name !== 'string') return undefined;
  const bits = named.get(name);
  return bits === undefined ? undefined : { name, bits };
}

/** Some issuers write leading zero octets; the number is what counts. */
function strengthOfModulus(n: string): KeyStrength {
  const octets = Buffer.from(n, 'base64url');
  const start = octets.findIndex((octet) => octet !== 0);
  const modulus = start === -1 ? 0 : (octets.length - start) * 8 - (Math.clz32(octets[start] ?? 0) - 24);
  const bits = rsa.find(([least]) => modulus >= least)?.[1] ?? 0;
  return { name: `RSA ${modulus}`, bits };
}
