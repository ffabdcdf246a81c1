import type { DropReason } from '../keys/source/key-set-account.js';
import type { CertificateDoubt } from '../tokens/certificate-doubt.js';

/** What an operator should know of a published key that is not used, or of one that is used in spite of something odd. */
export interface KeyVerdict {
  /** What it is, as a phrase. */
  readonly says: string;
  /** What its issuer, or the operator, can do. */
  readonly remedy: string;
  /** Sound sets have such keys, too. */
  readonly isUsual?: true;
}

const issuerShould = 'ask the issuer to';

/** Why a published key is not used, in words: total, so that a new reason without words does not compile. */
export const dropVerdicts: Readonly<Record<DropReason, KeyVerdict>> = {
  not_an_object: { says: 'no JSON object', remedy: `${issuerShould} publish a JWK Set (RFC 7517)` },
  private_material: {
    says: 'a PRIVATE key, published',
    remedy: `deny it (deniedKeys) and ${issuerShould} replace it at once: whoever reads the set can sign tokens`,
  },
  symmetric: {
    says: 'a symmetric key, published',
    remedy: `${issuerShould} replace it at once: whoever reads the set can sign with it`,
  },
  kty_unsupported: { says: 'a kind of key that is not supported', remedy: 'none, unless it signs', isUsual: true },
  crv_unsupported: { says: 'a curve that is not supported', remedy: 'none, unless it signs', isUsual: true },
  kid_invalid: { says: 'a kid that is no text, or too long', remedy: `${issuerShould} give it a short name` },
  use_not_sig: { says: 'a key that is not for signatures (use)', remedy: 'none, unless it signs', isUsual: true },
  key_ops_not_verify: {
    says: 'a key that is not for verification (key_ops)',
    remedy: 'none, unless it signs',
    isUsual: true,
  },
  alg_mismatch: {
    says: 'an alg that is unknown here, or not one of this kind of key',
    remedy: 'none, unless it signs',
    isUsual: true,
  },
  algorithm_not_allowed: {
    says: 'a sound key for an algorithm that the registration does not allow',
    remedy: 'none, unless it signs: then add its algorithm to algorithms',
    isUsual: true,
  },
  member_malformed: { says: 'members that are no numbers of a key', remedy: `${issuerShould} publish it again` },
  rsa_size: { says: 'an RSA key of less than 2048 or more than 8192 bits', remedy: `${issuerShould} replace it` },
  rsa_exponent: { says: 'an RSA key with an unsafe exponent', remedy: `${issuerShould} replace it` },
  rsa_modulus: { says: 'an RSA key with an impossible modulus', remedy: `${issuerShould} replace it` },
  roca: { says: 'an RSA key that can be broken (ROCA, CVE-2017-15361)', remedy: `${issuerShould} replace it at once` },
  point_invalid: { says: 'a point that is not on its curve', remedy: `${issuerShould} replace it` },
  too_many: { says: 'more keys than are read of one set', remedy: `${issuerShould} take old keys out` },
  too_large: { says: 'a key that is larger than any real one', remedy: `${issuerShould} replace it` },
};

/** What is odd about the certificate of a key that is used all the same; total as well. */
export const doubtVerdicts: Readonly<Record<CertificateDoubt, KeyVerdict>> = {
  certificate_unreadable: { says: 'a certificate beside it that cannot be read', remedy: `${issuerShould} mend x5c` },
  certificate_mismatch: { says: 'the certificate of another key beside it', remedy: `${issuerShould} mend x5c` },
  certificate_expired: { says: 'a certificate that has expired', remedy: `${issuerShould} renew it` },
};
