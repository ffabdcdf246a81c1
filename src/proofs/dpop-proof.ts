/** Reads a DPoP proof and makes every check of it that costs little (RFC 9449). */
import { hash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { termsOf } from '../tokens/algorithms.js';
import { readJwk } from '../tokens/import-jwk.js';
import { JwkDefect } from '../tokens/jwk-defect.js';
import { parseJwt } from '../tokens/parse-jwt.js';
import { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { normalUri } from './normal-uri.js';
import type { ProofTarget } from './proof-target.js';
import type { DpopTerms } from './proof-terms.js';

/** Longest proof, in characters. One of ML-DSA-87 has a key of 4.6 KB, written twice over in base64url, and a signature of 6.2 KB. */
const mostCharacters = { usual: 8 * 1024, mlDsa: 12 * 1024 };

/** Longest `jti`, in characters. */
const MAX_JTI_LENGTH = 256;

/** So far a proof may be made in the future, in seconds: clocks of clients are a little ahead. */
const FUTURE_SECONDS = 5;

/** RSA keys of 4096 bits have so many characters; a verification costs the square of that, and anybody may choose the key. */
const MOST_RSA_CHARACTERS = 683;

/** A proof that says the right things. Whether its key has said them is not known yet. */
export interface ReadProof {
  readonly jwt: UnverifiedJwt;
  readonly key: VerificationKey;
  readonly jti: string;
  /** When it was made, in seconds since the epoch. */
  readonly iat: number;
  /** Absent where it has none. */
  readonly nonce?: string;
}

/** What a proof is held to. */
export interface ProofDemand {
  readonly terms: DpopTerms;
  /** The access token that it comes with, as presented. */
  readonly token: string;
  readonly target: ProofTarget;
  /** Seconds since the epoch. */
  readonly nowSeconds: number;
}

/**
 * All checks of RFC 9449 §4.3 that cost little: everything but the signature, the nonce, whether the token is bound to this key, and
 * whether the proof was used before.
 */
export function readProof(text: string, demand: ProofDemand): ReadProof | Rejection {
  const longest = longestUnder(demand.terms);
  if (text.length > longest) return invalid('longer than any proof of these algorithms');
  let members: JsonObject = {};
  const witness = { saw: (step: { step: string; members?: JsonObject }) => void (members = step.members ?? members) };
  const jwt = parseJwt(text, witness, longest);
  if (jwt instanceof Rejection) return invalid('no well-formed JWT of an algorithm that is known');
  const key = keyIn(jwt, members['jwk'], demand.terms);
  if (key instanceof Rejection) return key;
  const { jti, iat, nonce } = jwt.unverifiedClaims;
  const refusal = refuseClaims(jwt.unverifiedClaims, demand);
  if (refusal) return refusal;
  return { jwt, key, jti: jti as string, iat: iat as number, ...(nonce !== undefined && { nonce: nonce as string }) };
}

function longestUnder({ algorithms }: DpopTerms): number {
  const takesLarge = [...algorithms].some((alg) => termsOf(alg).kty === 'AKP');
  return takesLarge ? mostCharacters.mlDsa : mostCharacters.usual;
}

function keyIn(
  { header: { alg, typ } }: UnverifiedJwt,
  jwk: JsonValue | undefined,
  { algorithms }: DpopTerms,
): VerificationKey | Rejection {
  if (typ !== 'dpop+jwt') return invalid('typ is not dpop+jwt');
  if (!algorithms.has(alg)) return invalid('an algorithm that proofs.dpop.algorithms does not list');
  if (!isJsonObject(jwk)) return invalid('no jwk in the header');
  const key = readJwk(jwk, new Set([alg]));
  if (key instanceof JwkDefect) {
    return key.reason === 'private_material' || key.reason === 'symmetric'
      ? new Rejection('proof_private_key')
      : invalid('the jwk in the header is no public key for its algorithm');
  }
  const { n } = jwk;
  return typeof n === 'string' && n.length > MOST_RSA_CHARACTERS ? invalid('an RSA key of more than 4096 bits') : key;
}

/** Types before meaning, then time, then what the proof is for. */
function refuseClaims(claims: JsonObject, { terms, token, target, nowSeconds }: ProofDemand): Rejection | undefined {
  const { jti, htm, htu, iat, ath, nonce, exp, nbf } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) return invalid('jti');
  if (typeof htm !== 'string' || typeof htu !== 'string' || typeof ath !== 'string') return invalid('htm, htu or ath');
  if (nonce !== undefined && typeof nonce !== 'string') return invalid('nonce');
  if (!isDate(iat)) return invalid('iat');
  if (iat > nowSeconds + FUTURE_SECONDS) return invalid('made in the future');
  if (iat < nowSeconds - terms.maxAgeSeconds) return invalid('made too long ago');
  if (exp !== undefined && !(isDate(exp) && exp > nowSeconds)) return invalid('expired');
  if (nbf !== undefined && !(isDate(nbf) && nbf <= nowSeconds + FUTURE_SECONDS)) return invalid('not valid yet');
  if (htm !== target.method) return invalid('made for another method');
  if (normalUri(htu) !== target.uri) return invalid('made for another URI');
  return ath === hash('sha256', token, 'base64url') ? undefined : invalid('made for another token');
}

function isDate(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function invalid(detail: string): Rejection {
  return new Rejection('proof_invalid', detail);
}
