/** What one `alg` value demands of a key and of a signature (RFC 7518 §3.1, RFC 8037, RFC 9864). */
export interface AlgorithmTerms {
  readonly kty: 'RSA' | 'EC' | 'OKP';
  /** The one curve of this algorithm, where it has one. */
  readonly crv?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519';
  /** Octets of a signature; absent for RSA, where it is the modulus that decides. */
  readonly signatureBytes?: number;
  /** The operation, as Web Cryptography names it. Hash and padding of RSA are those that the key was imported for. */
  readonly operation: {
    readonly name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS' | 'ECDSA' | 'Ed25519';
    readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512';
    /** In octets, always that of the hash (RFC 7518 §3.5). */
    readonly saltLength?: number;
  };
}

const rsa = { name: 'RSASSA-PKCS1-v1_5' } as const;
const ed25519 = { name: 'Ed25519' } as const;

/**
 * The one table of algorithms. Asymmetric only: `none` and HMAC are not spelled anywhere in this program.
 * `EdDSA` and `Ed25519` name the same operation on an Ed25519 key (RFC 9864 §2.2).
 */
const table = {
  RS256: { kty: 'RSA', operation: rsa },
  RS384: { kty: 'RSA', operation: rsa },
  RS512: { kty: 'RSA', operation: rsa },
  PS256: { kty: 'RSA', operation: { name: 'RSA-PSS', saltLength: 32 } },
  PS384: { kty: 'RSA', operation: { name: 'RSA-PSS', saltLength: 48 } },
  PS512: { kty: 'RSA', operation: { name: 'RSA-PSS', saltLength: 64 } },
  ES256: { kty: 'EC', crv: 'P-256', signatureBytes: 64, operation: { name: 'ECDSA', hash: 'SHA-256' } },
  ES384: { kty: 'EC', crv: 'P-384', signatureBytes: 96, operation: { name: 'ECDSA', hash: 'SHA-384' } },
  ES512: { kty: 'EC', crv: 'P-521', signatureBytes: 132, operation: { name: 'ECDSA', hash: 'SHA-512' } },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', signatureBytes: 64, operation: ed25519 },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', signatureBytes: 64, operation: ed25519 },
} as const satisfies Record<string, AlgorithmTerms>;

/** A supported JWS algorithm, by its registered name. */
export type Algorithm = keyof typeof table;

/** Every supported algorithm; a `Map`, so that `constructor` or `__proto__` finds nothing. */
export const algorithms: ReadonlyMap<string, AlgorithmTerms> = new Map(Object.entries(table));

/** All names, in the order of the table. */
export const algorithmNames = Object.keys(table) as readonly Algorithm[];

/** Whether `name` is a supported algorithm, compared code point by code point (RFC 7515 §5.3). */
export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === 'string' && algorithms.has(name);
}

/** The terms of `alg`. */
export function termsOf(alg: Algorithm): AlgorithmTerms {
  return table[alg];
}
