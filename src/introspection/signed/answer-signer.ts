/** Signs answers, so that a caller can check who gave one that came through others. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { CachedDocument } from '../../shared/cached-document.js';
import { jwksOf } from '../../signing/jwks.js';
import type { OwnKeys } from '../../signing/prepare-signing.js';
import type { SigningKey } from '../../signing/signing-key.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import { OAuthError } from '../../transport/oauth-error.js';

/** With what we sign. Immutable. */
export interface SigningTerms {
  /** Our own issuer identifier. */
  readonly issuer: string;
  /** Absent: we sign nothing. */
  readonly keys?: OwnKeys | undefined;
}

/** For whom an answer is signed. */
export interface SigningRequest {
  /** Who may believe it (RFC 9701 §5, `aud`). */
  readonly audience: string;
  readonly alg: Algorithm;
}

/** A key, and the first part of all that it signs. */
interface PreparedSigner {
  readonly key: SigningKey;
  readonly header: string;
}

/**
 * Signs answers about tokens (RFC 9701 §5). What leaves has no `sub` and no `exp` and its own `typ`, so that nobody takes it for a token. Nothing
 * is remembered: each answer is of its own second.
 */
export class AnswerSigner {
  private issuer = '';
  private signers: ReadonlyMap<Algorithm, PreparedSigner> = new Map();
  private document: CachedDocument | undefined;

  constructor(private readonly clock: Clock) {}

  /** From the next answer on, these keys sign, and are what is published. */
  replace({ issuer, keys }: SigningTerms): void {
    this.issuer = issuer;
    this.document = keys && jwksOf(keys);
    this.signers = new Map([...(keys?.signing ?? [])].map(([alg, key]) => [alg, { key, header: headerOf(key) }]));
  }

  /** Our public keys; `undefined` where we sign nothing. */
  get jwks(): CachedDocument | undefined {
    return this.document;
  }

  /**
   * @param answer the RFC 7662 answer as JSON, written by us
   * @param requestId name of the request that it answers, as in the audit trail
   * @returns a JWS in the compact serialization
   * @throws {OAuthError} 503 where the key has gone since the request came
   */
  async sign(answer: string, { audience, alg }: SigningRequest, requestId: string): Promise<string> {
    const signer = this.signers.get(alg);
    if (!signer) {
      const detail = `no signing key for ${alg} any more`;
      throw new OAuthError('temporarily_unavailable', 'the answer cannot be signed', { retryAfterSeconds: 1, detail });
    }
    const iat = Math.floor(this.clock.wallMs() / 1000);
    const about: JsonObject = { iss: this.issuer, aud: audience, iat, jti: answerId(requestId) };
    const claims = `${JSON.stringify(about).slice(0, -1)},"token_introspection":${answer}}`;
    const input = `${signer.header}.${base64Url(claims)}`;
    const signature = await signer.key.sign(Buffer.from(input));
    return `${input}.${signature.toString('base64url')}`;
  }
}

/**
 * Names one answer alone (RFC 7519 §4.1.7). It begins with the name of the request, by which whoever keeps an answer finds it in the audit trail;
 * the rest is random, because a proxy may give several requests one name.
 */
function answerId(requestId: string): string {
  return `${requestId}.${randomUUID().slice(-12)}`;
}

function headerOf({ alg, kid }: SigningKey): string {
  return base64Url(JSON.stringify({ typ: 'token-introspection+jwt', alg, kid }));
}

function base64Url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
