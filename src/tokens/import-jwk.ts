import type { webcrypto } from 'node:crypto';
import { calculateJwkThumbprint, importJWK } from 'jose';
import { isJsonArray, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { algorithmNames, isAlgorithm, termsOf, type Algorithm } from './algorithms.js';
import { certificateMatches } from './certificate-chain.js';
import { ecMaterial, okpMaterial } from './curve-material.js';
import { JwkDefect } from './jwk-defect.js';
import { rsaMaterial } from './rsa-material.js';
import { MAX_KID_LENGTH } from './unverified-jwt.js';
import type { VerificationKey } from './verification-key.js';

/** Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1; `priv` of the AKP keys). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const;

/** What a key is made of (RFC 7638 §3.2 members), checked and in its shortest spelling. */
type Material = Exclude<ReturnType<typeof rsaMaterial | typeof ecMaterial | typeof okpMaterial>, JwkDefect>;

/**
 * Checks one published JWK and makes it ready for every allowed algorithm that fits it.
 * @param allowed the issuer's algorithms
 * @returns the key, or why it is not used; never throws for anything that `jwk` holds
 */
export async function importJwk(
  jwk: JsonObject,
  allowed: ReadonlySet<Algorithm>,
): Promise<VerificationKey | JwkDefect> {
  const screened = screen(jwk, allowed);
  if (screened instanceof JwkDefect) return screened;
  const { kid, material, usable } = screened;
  const verifiers = await importFor(usable, material);
  if (verifiers instanceof JwkDefect) return verifiers;
  const thumbprint = await calculateJwkThumbprint(material);
  if (!(await certificateMatches(jwk['x5c'], thumbprint))) return new JwkDefect('certificate_mismatch');
  return { thumbprint, ...(kid === undefined ? {} : { kid }), verifiers };
}

/** Whether `jwk`, by what it says of itself, can verify signatures of an allowed algorithm. Its numbers are not tried out. */
export function fitsAnyOf(jwk: JsonObject, allowed: ReadonlySet<Algorithm>): boolean {
  return !(screen(jwk, allowed) instanceof JwkDefect);
}

/** What is sound of a JWK as far as it can be told without importing it. */
interface Screened {
  readonly kid: string | undefined;
  readonly material: Material;
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
  return usable.length > 0 ? { kid, material, usable } : new JwkDefect('algorithm_not_allowed');
}

/** The members of a JWK that a store keeps: enough to import it again, nothing that is secret, large or unknown. */
export function publicMembers(jwk: JsonObject): JsonObject {
  const kept = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'use', 'key_ops', 'alg'];
  return Object.fromEntries(kept.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]));
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

function materialOf(jwk: JsonObject): Material | JwkDefect {
  switch (jwk['kty']) {
    case 'RSA':
      return rsaMaterial(jwk);
    case 'EC':
      return ecMaterial(jwk);
    case 'OKP':
      return okpMaterial(jwk);
    default:
      return new JwkDefect('kty_unsupported');
  }
}

/** What the key's kind, curve and own `alg` leave (RFC 7517 §4.4); the token has no say in it (R7517-06). */
function fittingAlgorithms({ alg }: JsonObject, material: Material): readonly Algorithm[] {
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

/** One import for each algorithm: WebCrypto binds a key to its hash and padding, so it cannot be used with another. */
async function importFor(
  usable: readonly Algorithm[],
  material: Material,
): Promise<ReadonlyMap<Algorithm, webcrypto.CryptoKey> | JwkDefect> {
  try {
    const imported = usable.map(async (alg) => [alg, await importJWK(material, alg)] as const);
    return new Map(await Promise.all(imported));
  } catch {
    return new JwkDefect('point_invalid');
  }
}
