import { isAscii } from 'node:buffer';
import { OAuthError } from '../oauth-error.js';
import { formCharset, formType, type FormCharset } from './form-type.js';
import { unreadableContent } from './refuse-request.js';
import type { RouteBody } from './route-body.js';

/** Far more parameters than any caller has a use for. */
const MAX_PARAMETERS = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses `application/x-www-form-urlencoded`, strictly and in linear time (RFC 6749 §3.2 and appendix B): UTF-8 only,
 * `&` is the only separator, names mean what they spell (`token[]` is not `token`), and values are taken literally.
 * @param known names that matter; others are ignored
 * @returns the known parameters that have a value: one sent without counts as omitted
 * @throws {OAuthError} `invalid_request` when a known parameter is repeated or something is not decodable; with 415 what the
 *   charset and UTF-8 read differently
 */
export function parseForm(
  body: Buffer,
  known: ReadonlySet<string>,
  charset: FormCharset = 'utf-8',
): ReadonlyMap<string, string> {
  if (charset === 'ascii' && !isAsciiDecoded(body)) throw unreadableContent();
  const values = new Map<string, string>();
  readPairs(decodeUtf8(body), (name, value) => {
    if (!known.has(name)) return;
    if (values.has(name)) throw new OAuthError('invalid_request', 'a parameter is repeated');
    values.set(name, value);
  });
  for (const [name, value] of values) if (value === '') values.delete(name);
  return values;
}

/** A form of which these parameters matter; it becomes a map of those that have a value. */
export function formOf(known: ReadonlySet<string>): RouteBody {
  return {
    type: formType,
    takes: (contentType) => formCharset(contentType) !== undefined,
    parse: (body, contentType) => parseForm(body, known, formCharset(contentType) ?? 'ascii'),
  };
}

/**
 * The parameters of a form or a query in the order in which they are written, as strictly as {@link parseForm}. One sent
 * without a value has an empty one.
 * @throws {OAuthError} `invalid_request` when something is not decodable
 */
export function formPairs(text: string): readonly (readonly [name: string, value: string])[] {
  const pairs: [string, string][] = [];
  readPairs(text, (name, value) => pairs.push([name, value]));
  return pairs;
}

/** Whether every octet is ASCII, also of what is percent-encoded. */
function isAsciiDecoded(body: Buffer): boolean {
  return isAscii(body) && !/%[89a-f][0-9a-f]/i.test(body.toString('latin1'));
}

function readPairs(text: string, take: (name: string, value: string) => void): void {
  let parameters = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end === start) continue;
    if (++parameters > MAX_PARAMETERS) throw new OAuthError('invalid_request', 'too many parameters');
    const pair = text.slice(start, end);
    const equals = pair.indexOf('=');
    if (equals < 0) take(decode(pair), '');
    else take(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)));
  }
}

function decodeUtf8(body: Buffer): string {
  // As nearly every form is; a third of what the decoder takes.
  if (isAscii(body)) return body.toString('latin1');
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
