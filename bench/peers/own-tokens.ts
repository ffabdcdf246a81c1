// Tokens that a peer issues to the caller of the bench, which are what it can introspect.
import { basicOf, caller } from '../requests.ts';

/** Fewer than the memory store of node-oidc-provider holds (1,000 entries in all): it must not have forgotten one. */
export const TOKENS = 200;

/** What a JSON API is sent. */
export interface Sent {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: URLSearchParams | object;
}

/** As many as the scenario asks about. @throws {Error} when the peer issues none */
export async function takeTokens(tokenEndpoint: string, scope?: string): Promise<readonly string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < TOKENS; i++) tokens.push(await takeToken(tokenEndpoint, scope));
  return tokens;
}

async function takeToken(url: string, scope: string | undefined): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
  return tokenOf({ url, headers: { authorization: basicOf(caller.secret) }, body });
}

/** The access token that a token endpoint answers with. @throws {Error} when it answers with none */
export async function tokenOf(sent: Sent): Promise<string> {
  const { access_token: token } = JSON.parse(await post(sent)) as { readonly access_token?: string };
  if (token === undefined) throw new Error(`${sent.url} issues no token`);
  return token;
}

/** @returns the body of the answer. @throws {Error} when the answer is not a good one */
export async function post({ url, headers = {}, body }: Sent): Promise<string> {
  const isForm = body instanceof URLSearchParams;
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
  return text;
}
