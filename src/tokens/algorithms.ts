/** What one `alg` value demands of a key and of a signature (RFC 7518 §3.1, RFC 8037, RFC 9864, RFC 9964). */
export interface AlgorithmTerms {
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'AKP';
  /** The one curve of this algorithm, where it has one. */
  readonly crv?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519';
  /** Octets of a signature; absent for RSA, where it is the modulus that decides. */
  readonly signatureBytes?: number;
  /** Octets of a public key, where nothing else about it can be checked. */
  readonly publicKeyBytes?: number;
  /** Used only by those who name it: it is younger than what everybody's libraries read. */
  readonly isOptIn?: true;
  /** The hash, as OpenSSL names it; `null` where the algorithm has one of its own. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  /** Of RSASSA-PSS, in octets: always that of the hash (RFC 7518 §3.5). */
  readonly saltLength?: number;
}

/**
 * The one table of algorithms. Asymmetric only: `none` and HMAC are not spelled anywhere in this program.
 * `EdDSA` and `Ed25519` name the same operation on an Ed25519 key (RFC 9864 §2.2).
 */
const table = {
  RS256: { kty: 'RSA', digest: 'sha256' },
  RS384: { kty: 'RSA', digest: 'sha384' },
  RS512: { kty: 'RSA', digest: 'sha512' },
  PS256: { kty: 'RSA', digest: 'sha256', saltLength: 32 },
  PS384: { kty: 'RSA', digest: 'sha384', saltLength: 48 },
  PS512: { kty: 'RSA', digest: 'sha512', saltLength: 64 },
  ES256: { kty: 'EC', crv: 'P-256', signatureBytes: 64, digest: 'sha256' },
  ES384: { kty: 'EC', crv: 'P-384', signatureBytes: 96, digest: 'sha384' },
  ES512: { kty: 'EC', crv: 'P-521', signatureBytes: 132, digest: 'sha512' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', signatureBytes: 64, digest: null },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', signatureBytes: 64, digest: null },
  'ML-DSA-44': { kty: 'AKP', publicKeyBytes: 1_312, signatureBytes: 2_420, digest: null, isOptIn: true },
  'ML-DSA-65': { kty: 'AKP', publicKeyBytes: 1_952, signatureBytes: 3_309, digest: null, isOptIn: true },
  'ML-DSA-87': { kty: 'AKP', publicKeyBytes: 2_592, signatureBytes: 4_627, digest: null, isOptIn: true },
} as const satisfies Record<string, AlgorithmTerms>;

/** A supported JWS algorithm, by its registered name. */
export type Algorithm = keyof typeof table;

/** Every supported algorithm; a `Map`, so that `constructor` or `__proto__` finds nothing. */
export const algorithms: ReadonlyMap<string, AlgorithmTerms> = new Map(Object.entries(table));

/** All names, in the order of the table. */
export const algorithmNames = Object.keys(table) as readonly Algorithm[];

/** Those that are meant where nobody names any. */
export const algorithmsByDefault = algorithmNames.filter((name) => algorithms.get(name)?.isOptIn !== true);

/** Whether `name` is a supported algorithm, compared code point by code point (RFC 7515 §5.3). */
export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && algorithms.has(name);
}

/** The terms of `alg`. */
export function termsOf(alg: Algorithm): AlgorithmTerms {
  return table[alg];
}
