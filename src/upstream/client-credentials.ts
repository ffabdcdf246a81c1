/** How we say to an issuer who we are. What is made here goes to that issuer alone. */
import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { UpstreamCredentials } from '../issuers/opaque-terms.js';

/** What of a request says who we are. */
export interface Presented {
  /** Value of `Authorization`. */
  readonly authorization?: string;
  /** Parameters of the form. */
  readonly form: Readonly<Record<string, string>>;
}

/** An assertion is used once, at once. */
const ASSERTION_SECONDS = 60;

/**
 * @param audience identifier of the issuer: the one audience of an assertion, so that no other server takes it
 * @param nowSeconds wall time
 */
export async function present(
  credentials: UpstreamCredentials,
  audience: string,
  nowSeconds: number,
): Promise<Presented> {
  switch (credentials.kind) {
    case 'secret':
      return { authorization: basic(credentials), form: {} };
    case 'certificate':
      // RFC 8705 §2: TLS proves it, the parameter says whom to look for.
      return { form: { client_id: credentials.clientId } };
    case 'assertion':
      return {
        form: {
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await sign(credentials, audience, Math.floor(nowSeconds)),
        },
      };
  }
}

/** RFC 6749 §2.3.1: both parts are encoded as in a form before they are joined. */
function basic({ clientId, secret }: UpstreamCredentials & { kind: 'secret' }): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(secret)}`).toString('base64')}`;
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

/** RFC 7523 §3. */
function sign(
  { clientId, key, algorithm, kid }: UpstreamCredentials & { kind: 'assertion' },
  audience: string,
  now: number,
): Promise<string> {
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...(kid !== undefined && { kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(key);
}
