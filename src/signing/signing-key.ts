import { constants, createPrivateKey, createPublicKey, sign, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import type { JsonObject } from '../shared/json-value.js';
import { termsOf, type Algorithm } from '../tokens/algorithms.js';
import { importJwk } from '../tokens/import-jwk.js';
import { JwkDefect } from '../tokens/jwk-defect.js';
import type { VerificationKey } from '../tokens/verification-key.js';

/** A key of ours as others see it. Immutable. */
export interface OwnPublicKey {
  readonly alg: Algorithm;
  /** RFC 7638 SHA-256 thumbprint. */
  readonly kid: string;
  /** The public members (RFC 7517), with `kid`, `alg` and `use`. */
  readonly jwk: JsonObject;
}

/** A key of ours that can sign. Immutable. */
export interface SigningKey extends OwnPublicKey {
  /** On the threads of the runtime. @returns the signature as JWS has it (RFC 7518 §3) */
  sign(input: Uint8Array): Promise<Buffer>;
}

/**
 * Reads a key of ours, and tries it out: what it signs must be good under what is published of it.
 * @param text PEM, or a JWK
 * @returns the key; one that cannot sign, where the text has the public half alone; or what is wrong, as a phrase that says nothing of the key
 */
export async function readSigningKey(text: string, alg: Algorithm): Promise<SigningKey | OwnPublicKey | string> {
  const key = keyIn(text);
  if (!key) return 'no key that can be read';
  const isPrivate = key.type === 'private';
  const members = (isPrivate ? createPublicKey(key) : key).export({ format: 'jwk' }) as JsonObject;
  const checked = importJwk({ ...members, alg }, new Set([alg]));
  if (checked instanceof JwkDefect) return `a key that is not fit for ${alg} (${checked.reason})`;
  const published = publishedKey(checked, members, alg);
  if (!isPrivate) return published;
  const signWith = signer(key, alg);
  return (await isPair(signWith, checked, alg)) ? { ...published, sign: signWith } : 'two halves that are no pair';
}

/** Whether it can sign. */
export function canSign(key: OwnPublicKey): key is SigningKey {
  return 'sign' in key;
}

function keyIn(text: string): KeyObject | undefined {
  const input = jwkIn(text) ?? text;
  try {
    return createPrivateKey(input);
  } catch {
    // What the error says may be a part of the key.
  }
  try {
    return createPublicKey(input);
  } catch {
    return undefined;
  }
}

function jwkIn(text: string): JsonWebKeyInput | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return { key: JSON.parse(text) as JsonWebKeyInput['key'], format: 'jwk' };
  } catch {
    return undefined;
  }
}

function publishedKey({ thumbprint: kid }: VerificationKey, members: JsonObject, alg: Algorithm): OwnPublicKey {
  return { alg, kid, jwk: { ...members, kid, alg, use: 'sig' } };
}

function signer(key: KeyObject, alg: Algorithm): SigningKey['sign'] {
  const { kty, digest, saltLength } = termsOf(alg);
  const terms = {
    key,
    // RFC 7518 §3.4: R and S, not DER.
    ...(kty === 'EC' && { dsaEncoding: 'ieee-p1363' as const }),
    ...(saltLength !== undefined && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  };
  return (input) =>
    new Promise((resolve, reject) => {
      sign(digest, input, terms, (error, signature) => {
        if (error) reject(error);
        else resolve(signature);
      });
    });
}

async function isPair(signWith: SigningKey['sign'], { verifiers }: VerificationKey, alg: Algorithm): Promise<boolean> {
  const input = Buffer.from('a pair?');
  try {
    return (await verifiers.get(alg)?.verify({ input, signature: await signWith(input) })) === true;
  } catch {
    return false;
  }
}
