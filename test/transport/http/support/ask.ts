import { expect } from 'vitest';
import type { HttpEndpoint } from './http-endpoint.js';
import { header, talk, type RawAnswer } from './raw-http.js';
import { request, type RequestParts } from './requests.js';

/** What a token that is not good is answered, whatever the reason. */
export const inactive = '{"active":false}';

/** Sends one request on its own connection. INV-03 holds for whatever comes back, which is JSON. */
export async function ask(endpoint: HttpEndpoint, parts: RequestParts): Promise<RawAnswer> {
  const answer = await askForAny(endpoint, parts);
  expect(header(answer, 'content-type')).toBe('application/json');
  return answer;
}

/** The same for an answer of any media type. */
export async function askForAny(endpoint: HttpEndpoint, parts: RequestParts): Promise<RawAnswer> {
  const [answer, ...more] = await talk(endpoint.port, request(parts));
  expect(more).toEqual([]);
  expect(header(answer!, 'cache-control')).toBe('no-store');
  expect(header(answer!, 'pragma')).toBe('no-cache');
  expect(header(answer!, 'x-content-type-options')).toBe('nosniff');
  expect(answer!.headerLines.join()).not.toMatch(/x-powered-by|etag|server:|access-control/i);
  return answer!;
}

/** The `error` member of an answer. */
export function errorOf({ body }: RawAnswer): unknown {
  return (JSON.parse(body) as { error: unknown }).error;
}
