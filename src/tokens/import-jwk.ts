import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { algorithmNames, isAlgorithm, termsOf, type Algorithm } from './algorithms.js';
import { akpMaterial } from './akp-material.js';
import { ecMaterial, okpMaterial } from './curve-material.js';
import { JwkDefect } from './jwk-defect.js';
import { KeyObjectVerifier } from './key-object-verifier.js';
import { thumbprintOf, type KeyMaterial } from './key-material.js';
import { isKeyScope } from './key-scope.js';
import { PssVerifier } from './pss-verifier.js';
import { PublicKey } from './public-key.js';
import { rsaMaterial } from './rsa-material.js';
import { MAX_KID_LENGTH } from './unverified-jwt.js';
import type { VerificationKey, Verifier } from './verification-key.js';

/** Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1; `priv` of the AKP keys). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

/**
 * Checks one published JWK to the end, its numbers included, for every allowed algorithm that fits it: once, because they are the same
 * numbers for all of them. What stands beside them, such as a certificate, chooses nothing: see `certificate-doubt.ts`.
 * @param allowed the issuer's algorithms
 * @returns the key, or why it is not used; never throws for anything that `jwk` holds
 */
export function importJwk(jwk: JsonObject, allowed: ReadonlySet<Algorithm>): VerificationKey | JwkDefect {
  const screened = screen(jwk, allowed);
  if (screened instanceof JwkDefect) return screened;
  const publicKey = new PublicKey(screened.material);
  try {
    publicKey.imported();
  } catch {
    return new JwkDefect('point_invalid');
  }
  return keyOf(screened, publicKey);
}

/**
 * The key that a JWK describes, which is imported when it is used first: for one that {@link importJwk} has let pass before,
 * here or at another replica.
 * @param allowed the issuer's algorithms
 * @returns the key, or why it is not used; never throws for anything that `jwk` holds
 */
export function readJwk(jwk: JsonObject, allowed: ReadonlySet<Algorithm>): VerificationKey | JwkDefect {
  const screened = screen(jwk, allowed);
  return screened instanceof JwkDefect ? screened : keyOf(screened, new PublicKey(screened.material));
}

function keyOf({ kid, issuer, material, usable }: Screened, publicKey: PublicKey): VerificationKey {
  return {
    thumbprint: thumbprintOf(material),
    ...(kid === undefined ? {} : { kid }),
    ...(issuer === undefined ? {} : { issuer }),
    verifiers: new Map(usable.map((alg) => [alg, verifierFor(publicKey, alg)])),
  };
}

/** Whether `jwk`, by what it says of itself, can verify signatures of an allowed algorithm. Its numbers are not tried out. */
export function fitsAnyOf(jwk: JsonObject, allowed: ReadonlySet<Algorithm>): boolean {
  return !(screen(jwk, allowed) instanceof JwkDefect);
}

/** What is sound of a JWK as far as that is known without importing it. */
interface Screened {
  readonly kid: string | undefined;
  readonly issuer: string | undefined;
  readonly material: KeyMaterial;
  readonly usable: readonly Algorithm[];
}

function screen(jwk: JsonObject, allowed: ReadonlySet<Algorithm>): Screened | JwkDefect {
  const defect = refuseSecrets(jwk) ?? refusePurpose(jwk);
  if (defect) return defect;
  const { kid } = jwk;
  if (!isKid(kid)) return new JwkDefect('kid_invalid');
  const material = materialOf(jwk);
  if (material instanceof JwkDefect) return material;
  const fitting = fittingAlgorithms(jwk, material);
  if (fitting.length === 0) return new JwkDefect('alg_mismatch');
  const usable = fitting.filter((alg) => allowed.has(alg));
  if (usable.length === 0) return new JwkDefect('algorithm_not_allowed');
  return { kid, issuer: scopeOf(jwk), material, usable };
}

/** What {@link publicMembers} keeps as it is; `pub` is all of an ML-DSA key (RFC 9964 §4). */
const kept = ['kty', 'crv', 'x', 'y', 'n', 'e', 'pub', 'kid', 'use', 'key_ops', 'alg'] as const;

/** The members of a JWK that a store keeps: enough to import it again, nothing that is secret, large or unknown. */
export function publicMembers(jwk: JsonObject): JsonObject {
  const members = Object.fromEntries(kept.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]));
  const issuer = scopeOf(jwk);
  return issuer === undefined ? members : { ...members, issuer };
}

/** For whose tokens the key is, where it says so (RFC 7517 §4 lets members mean more than it knows). */
function scopeOf({ issuer }: JsonObject): string | undefined {
  return isKeyScope(issuer) ? issuer : undefined;
}

function refuseSecrets(jwk: JsonObject): JwkDefect | undefined {
  if (jwk['kty'] === 'oct') return new JwkDefect('symmetric');
  return secretMembers.some((name) => jwk[name] !== undefined) ? new JwkDefect('private_material') : undefined;
}

/** RFC 7517 §4.2 and §4.3; where both are there they must agree. */
function refusePurpose({ use, key_ops: keyOps }: JsonObject): JwkDefect | undefined {
  if (use !== undefined && use !== 'sig') return new JwkDefect('use_not_sig');
  if (keyOps === undefined) return undefined;
  const operations = isJsonArray(keyOps) ? keyOps : [];
  const isSound =
    operations.every((name) => typeof name === 'string') && new Set(operations).size === operations.length;
  const isConsistent = use === undefined || operations.every((name) => name === 'verify' || name === 'sign');
  return isSound && isConsistent && operations.includes('verify') ? undefined : new JwkDefect('key_ops_not_verify');
}

function isKid(kid: JsonValue | undefined): kid is string | undefined {
  return kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KID_LENGTH);
}

function materialOf(jwk: JsonObject): KeyMaterial | JwkDefect {
  switch (jwk['kty']) {
    case 'RSA':
      return rsaMaterial(jwk);
    case 'EC':
      return ecMaterial(jwk);
    case 'OKP':
      return okpMaterial(jwk);
    case 'AKP':
      return akpMaterial(jwk);
    default:
      return new JwkDefect('kty_unsupported');
  }
}

/** What the key's kind, curve and own `alg` leave (RFC 7517 §4.4); the token has no say in it (R7517-06). */
function fittingAlgorithms({ alg }: JsonObject, material: KeyMaterial): readonly Algorithm[] {
  if (material.kty === 'AKP') return [material.alg];
  const crv = material.kty === 'RSA' ? undefined : material.crv;
  return algorithmNames.filter((name) => {
    const terms = termsOf(name);
    return terms.kty === material.kty && terms.crv === crv && (alg === undefined || isSameAlgorithm(alg, name));
  });
}

/** `EdDSA` and `Ed25519` name one operation on an Ed25519 key, whichever of the two sides says which (R9864-01). */
function isSameAlgorithm(alg: JsonValue, name: Algorithm): boolean {
  if (alg === name) return true;
  return isAlgorithm(alg) && termsOf(alg).kty === 'OKP' && termsOf(name).kty === 'OKP';
}

function verifierFor(publicKey: PublicKey, alg: Algorithm): Verifier {
  const { material } = publicKey;
  const { saltLength } = termsOf(alg);
  return material.kty === 'RSA' && saltLength !== undefined
    ? new PssVerifier(material, alg, saltLength)
    : new KeyObjectVerifier(publicKey, alg);
}
