/** Says to the upstream behind a proxy whose token it was, in header fields that no client can set itself. */
import type { JsonObject, JsonValue } from '../shared/json-value.js';
import { stringifyJson } from '../shared/strict-json.js';

/** What an upstream gets to know about the token, and from nobody else. */
export const identityHeaderNames = [
  'x-auth-issuer',
  'x-auth-subject',
  'x-auth-client-id',
  'x-auth-scope',
  'x-auth-audience',
  'x-auth-expires',
  'x-auth-claims',
  'x-auth-jwt',
] as const;

/** Other spellings of these names, which many upstreams take for the same header: CGI makes one variable of `-` and `_` (RFC 3875 §4.1.18). */
export const identityLookalikes: readonly string[] = identityHeaderNames.flatMap((name) =>
  spellings(name.split('-')).filter((spelling) => spelling !== name),
);

/** The parts of a name with `-` or `_` between them, in every combination. */
function spellings([first = '', ...rest]: readonly string[]): readonly string[] {
  if (rest.length === 0) return [first];
  return spellings(rest).flatMap((end) => [`${first}-${end}`, `${first}_${end}`]);
}

/** Every one of the headers, always: where there is nothing to say, the value is empty (K-01). */
export type IdentityHeaders = Readonly<Record<(typeof identityHeaderNames)[number], string>>;

/** Where nobody's token was asked for: whatever the client sent under these names is gone. */
export const noIdentity: IdentityHeaders = Object.freeze(
  Object.fromEntries(identityHeaderNames.map((name) => [name, ''])) as Record<(typeof identityHeaderNames)[number], ''>,
);

/**
 * Writes a good token, as far as its caller may see it, into headers; all but how long that is good for. The scope is printable by its grammar,
 * audiences stand with a space between them, the claims are base64url of the introspection answer, and the rest is percent-encoded. The
 * signed answer comes later, where there is one ({@link signedHeaders}).
 */
export function lastingHeaders(answer: JsonObject, audiences: readonly string[]): IdentityHeaders {
  return {
    'x-auth-issuer': percentEncoded(answer['iss']),
    'x-auth-subject': percentEncoded(answer['sub']),
    'x-auth-client-id': percentEncoded(answer['client_id']),
    'x-auth-scope': textOf(answer['scope']),
    'x-auth-audience': audiences.map(percentEncoded).join(' '),
    'x-auth-expires': '',
    'x-auth-claims': base64UrlJson(answer),
    'x-auth-jwt': '',
  };
}

/** The same, and until when it may be believed, in seconds since the epoch. */
export function identityHeaders(lasting: IdentityHeaders, expiresSeconds: number): IdentityHeaders {
  return { ...lasting, 'x-auth-expires': String(expiresSeconds) };
}

/** The same with the answer as a JWT, for an upstream that does not believe a header for its name alone. */
export function signedHeaders(headers: IdentityHeaders, jwt: string): IdentityHeaders {
  return { ...headers, 'x-auth-jwt': jwt };
}

/** What most issuers write. */
const plain = /^[\x21-\x24\x26-\x7e]*$/;

/**
 * Octets of UTF-8 outside `%x21-7E`, and `%` itself, as `%XX` (RFC 3986 §2.1): nothing is a header of its own, nothing is
 * trimmed on the way, no two values become one, and what most issuers write stays what it is.
 */
function percentEncoded(value: JsonValue | undefined): string {
  const text = textOf(value);
  if (plain.test(text)) return text;
  return text.replace(/[^\x21-\x24\x26-\x7e]+/g, (run) =>
    [...Buffer.from(run)].map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function base64UrlJson(answer: JsonObject): string {
  return Buffer.from(stringifyJson(answer)).toString('base64url');
}
