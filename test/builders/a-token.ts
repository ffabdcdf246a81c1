import type { JsonValue } from '../../src/shared/json-value.js';
import { stringifyJson } from '../../src/shared/strict-json.js';
import type { TestKey } from './a-key.js';
import { signAs } from './sign.js';

/** Members to add; `undefined` takes a member away. */
export type Members = Readonly<Record<string, JsonValue | undefined>>;

/** How a test may replace the signature. */
export type Signer = (signingInput: string) => Buffer;

interface Parts {
  readonly header: Members;
  readonly claims: Members;
  readonly key?: TestKey;
  readonly signer?: Signer;
  readonly rawHeader?: string | Buffer;
  readonly rawPayload?: string | Buffer;
}

/** Builds one JWT. Every method answers a new builder, so that a base token can be varied safely. */
export class TokenBuilder {
  constructor(private readonly parts: Parts) {}

  /** `iss`. */
  from(issuer: string | { readonly issuer: string }): TokenBuilder {
    return this.with({ iss: typeof issuer === 'string' ? issuer : issuer.issuer });
  }

  /** `aud`. */
  for(audience: JsonValue): TokenBuilder {
    return this.with({ aud: audience });
  }

  /** `iat`, `nbf` and `exp` around this moment, in seconds: issued now, good for five minutes. */
  at(nowSeconds: number): TokenBuilder {
    const now = Math.floor(nowSeconds);
    return this.with({ iat: now, nbf: now, exp: now + 300 });
  }

  /** Ran out an hour before this moment, in seconds. */
  expiredAt(nowSeconds: number): TokenBuilder {
    return this.at(nowSeconds - 3900);
  }

  /** Adds or removes claims. */
  with(claims: Members): TokenBuilder {
    return new TokenBuilder({ ...this.parts, claims: { ...this.parts.claims, ...claims } });
  }

  /** Adds or removes header members. */
  header(header: Members): TokenBuilder {
    return new TokenBuilder({ ...this.parts, header: { ...this.parts.header, ...header } });
  }

  /** The key that signs; `alg` and `kid` follow it. */
  signedBy(key: TestKey): TokenBuilder {
    return new TokenBuilder({ ...this.parts, key }).header({ alg: key.alg, kid: key.kid });
  }

  /** Makes the signature in another way than the key would. */
  signature(signer: Signer): TokenBuilder {
    return new TokenBuilder({ ...this.parts, signer });
  }

  /** The header's octets, literally. */
  rawHeader(octets: string | Buffer): TokenBuilder {
    return new TokenBuilder({ ...this.parts, rawHeader: octets });
  }

  /** The payload's octets, literally. */
  rawPayload(octets: string | Buffer): TokenBuilder {
    return new TokenBuilder({ ...this.parts, rawPayload: octets });
  }

  /** The header as it would be written. */
  get headerText(): string {
    return stringifyJson(this.parts.header);
  }

  /** The payload as it would be written. */
  get payloadText(): string {
    return stringifyJson(this.parts.claims);
  }

  /** The compact serialization. */
  build(): string {
    const input = `${encode(this.parts.rawHeader ?? this.headerText)}.${encode(this.parts.rawPayload ?? this.payloadText)}`;
    return `${input}.${this.sign(input).toString('base64url')}`;
  }

  private sign(input: string): Buffer {
    const { signer, key } = this.parts;
    if (signer) return signer(input);
    if (!key) throw new Error('signedBy or signature comes before build');
    return signAs(key.alg, key.privateKey, input);
  }
}

/** A token with a subject and an identifier; it still needs an issuer, a time and a key. */
export function aToken(): TokenBuilder {
  return new TokenBuilder({ header: { typ: 'at+jwt' }, claims: { sub: 'alice', jti: 'token-1', client_id: 'shop' } });
}

/** base64url of octets or of a text in UTF-8. */
export function encode(octets: string | Buffer): string {
  return Buffer.from(octets).toString('base64url');
}
