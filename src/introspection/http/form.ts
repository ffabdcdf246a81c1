import { OAuthError } from '../../callers/oauth-error.js';

/** Far more parameters than any caller has a use for. */
const MAX_PARAMETERS = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses `application/x-www-form-urlencoded`, strictly and in linear time (RFC 6749 §3.2 and appendix B): UTF-8 only,
 * `&` is the only separator, names mean what they spell (`token[]` is not `token`), and values are taken literally.
 * @param known names that matter; others are ignored
 * @returns the known parameters that have a value: one sent without counts as omitted
 * @throws {OAuthError} `invalid_request` when a known parameter is repeated or something is not decodable
 */
export function parseForm(body: Uint8Array, known: ReadonlySet<string>): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of formPairs(decodeUtf8(body))) {
    if (!known.has(name)) continue;
    if (values.has(name)) throw new OAuthError('invalid_request', 'a parameter is repeated');
    values.set(name, value);
  }
  for (const [name, value] of values) if (value === '') values.delete(name);
  return values;
}

/**
 * The parameters of a form or a query in the order in which they are written, as strictly as {@link parseForm}. One sent
 * without a value has an empty one.
 * @throws {OAuthError} `invalid_request` when something is not decodable
 */
export function* formPairs(text: string): Iterable<readonly [name: string, value: string]> {
  let parameters = 0;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    if (++parameters > MAX_PARAMETERS) throw new OAuthError('invalid_request', 'too many parameters');
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    yield [name, equals < 0 ? '' : decode(pair.slice(equals + 1))];
  }
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new OAuthError('invalid_request', 'the body is not UTF-8', { cause });
  }
}

/** `decodeURIComponent` refuses what is not two hexadecimal digits, and octets that are not UTF-8 (H-03). */
function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // The cause would quote the text.
    throw new OAuthError('invalid_request', 'a parameter is not properly encoded');
  }
}
