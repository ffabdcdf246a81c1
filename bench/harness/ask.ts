import { caller, proxiedCaller } from '../requests.ts';
import type { Assay } from './assay.ts';

/** What Assay answers about a token. @throws {Error} when it is not active */
export async function introspect({ ports }: Assay, token: string): Promise<string> {
  const credentials = Buffer.from(`${caller.id}:${caller.secret}`).toString('base64');
  const response = await fetch(`http://127.0.0.1:${ports.http}/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
  });
  const text = await response.text();
  if (!text.startsWith('{"active":true')) throw new Error(`the token is not active: ${response.status} ${text}`);
  return text;
}

/** The headers with which Assay lets a request with this token pass. @throws {Error} when it does not */
export async function authorize({ ports }: Assay, token: string): Promise<Readonly<Record<string, string>>> {
  const response = await fetch(`http://127.0.0.1:${ports.http}/authorize?caller=${proxiedCaller}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) throw new Error(`the token does not pass: ${response.status}`);
  // Those that Node writes by itself are no part of an answer.
  return Object.fromEntries([...response.headers].filter(([name]) => /^(x-|cache-|pragma)/.test(name)));
}

/** The message with which Assay answers over gRPC what it answers over HTTP in this text. */
export function asMessage(answer: string): object {
  const {
    active,
    iss,
    sub,
    aud,
    client_id: clientId,
    scope,
    token_type: tokenType,
    ...rest
  } = JSON.parse(answer) as {
    readonly active: boolean;
  } & Readonly<Record<string, unknown>>;
  const { exp, iat, nbf, jti, ...further } = rest;
  const message = { active, iss, sub, aud, clientId, scope, tokenType, exp, iat, nbf, jti };
  return { ...message, claimsJson: JSON.stringify(further) };
}
