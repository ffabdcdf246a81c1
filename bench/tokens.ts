import { aKey, type TestKey } from '../test/builders/a-key.ts';
import { signAs } from '../test/builders/sign.ts';

/** What every issuer of the bench is registered with. */
export const audience = 'https://api.corp.example';

/** Who signs, under which name. */
export interface Signer {
  readonly issuer: string;
  readonly key: TestKey;
}

/** A signer with a fresh key. */
export function aSigner(alg: TestKey['alg'], issuer = 'https://login.corp.example'): Signer {
  return { issuer, key: aKey(alg) };
}

/**
 * An access token of the usual size (RFC 9068), good for an hour; `serial` makes it different from every other one.
 * @param others claims beside the usual ones, or instead of them
 */
export function signToken(
  { issuer, key }: Signer,
  serial: number,
  others: Readonly<Record<string, unknown>> = {},
): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: '6f1c2b7e-5a43-4f0e-9a53-1f2d3c4b5a69',
    aud: [audience],
    exp: nowSeconds + 3600,
    iat: nowSeconds,
    nbf: nowSeconds,
    jti: serial.toString().padStart(12, '0'),
    client_id: 'shop-frontend',
    scope: 'openid profile orders:read orders:write',
    tenant: 'acme',
    email: 'alice@acme.example',
    realm_access: { roles: ['orders-reader', 'orders-writer', 'default-roles-acme'] },
    ...others,
  };
  const input = `${encode({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })}.${encode(claims)}`;
  return `${input}.${signAs(key.alg, key.privateKey, input).toString('base64url')}`;
}

/** A client assertion (RFC 7523) of a caller, good for five minutes. */
export function signAssertion({ issuer, key }: Signer, audience: string, jti: string): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, sub: issuer, aud: audience, exp: nowSeconds + 300, iat: nowSeconds, jti };
  const input = `${encode({ alg: key.alg, kid: key.kid, typ: 'client-authentication+jwt' })}.${encode(claims)}`;
  return `${input}.${signAs(key.alg, key.privateKey, input).toString('base64url')}`;
}

/** Different tokens of one signer. */
export function signTokens(signer: Signer, count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, i) => signToken(signer, from + i));
}

/** The same with other octets in the signature: as long, and never good. Another `serial` makes another one. */
export function forged(token: string, serial = 0): string {
  const at = token.lastIndexOf('.') + 5;
  const middle = serial === 0 ? '' : serial.toString(36).padStart(8, '0');
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${middle}${token.slice(at + 1 + middle.length)}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
