/** Every reason for which a published key is not used. Closed, so that a metric label made from it is bounded. */
export const jwkDefectReasons = [
  'not_an_object', // the entry of the set is no JSON object
  'private_material', // the issuer publishes its private key: an alarm, R7517-09
  'symmetric', // `kty: oct`: an alarm, R7517-09
  'kty_unsupported',
  'crv_unsupported',
  'kid_invalid', // not a string, or longer than any lookup
  'use_not_sig', // RFC 7517 §4.2
  'key_ops_not_verify', // RFC 7517 §4.3
  'alg_mismatch', // `alg` is unknown here, or not one of this kind of key, RFC 7517 §4.4
  'algorithm_not_allowed', // a good key, but the issuer's list has no algorithm for it
  'member_malformed', // missing, not base64url or base64, wrong length
  'rsa_size', // RFC 7518 §3.3 and §8.6
  'rsa_exponent',
  'rsa_modulus', // even: not a product of odd primes
  'roca', // CVE-2017-15361
  'point_invalid', // not on the curve, RFC 7518 §6.2, or of small order
] as const;

/** One of {@link jwkDefectReasons}. */
export type JwkDefectReason = (typeof jwkDefectReasons)[number];

/** A verdict on one published key: it is not used, the others of its set are (RFC 7517 §5). */
export class JwkDefect {
  /** @param reason for programs, logs and metrics */
  constructor(readonly reason: JwkDefectReason) {}
}
