import type { HttpEndpoint } from '../../transport/http/support/http-endpoint.js';
import { header, talk, type RawAnswer } from '../../transport/http/support/raw-http.js';
import { request, type RequestParts } from '../../transport/http/support/requests.js';

/** The identity headers, in one order. */
export const identityNames = [
  'x-auth-issuer',
  'x-auth-subject',
  'x-auth-client-id',
  'x-auth-scope',
  'x-auth-audience',
  'x-auth-expires',
  'x-auth-claims',
  'x-auth-jwt',
];

/** What a test changes about a good question of a proxy. */
export interface AuthorizeParts extends RequestParts {
  readonly query?: string;
  readonly token?: string;
}

/** Asks `/authorize` as a proxy does: for the profile `edge`, unless the test says otherwise. */
export async function authorize(
  endpoint: HttpEndpoint,
  { token, query = 'caller=edge', headers = {}, ...parts }: AuthorizeParts = {},
): Promise<RawAnswer> {
  const bytes = request({
    method: 'GET',
    target: query === '' ? '/authorize' : `/authorize?${query}`,
    headers: {
      Authorization: token === undefined ? undefined : `Bearer ${token}`,
      'Content-Type': undefined,
      'Content-Length': undefined,
      ...headers,
    },
    ...parts,
  });
  const [answer] = await talk(endpoint.port, bytes);
  return answer!;
}

/** The identity headers of an answer; those that are missing are `undefined`. */
export function identityOf(answer: RawAnswer): Record<string, string | undefined> {
  return Object.fromEntries(identityNames.map((name) => [name, header(answer, name)]));
}

/** The claims in `x-auth-claims`. */
export function claimsIn(value: string | undefined): unknown {
  return JSON.parse(Buffer.from(value ?? '', 'base64url').toString()) as unknown;
}
