import { readKeyUrl, type KeyUrlTerms } from './key-url.js';

/** What {@link identifierDefect} wants instead. */
export const soundIdentifier = 'an https URL without query and fragment, such as https://login.corp.example';

/**
 * What keeps an issuer identifier from having metadata, as a phrase: it is not an `https` URL (or `http` to loopback, with
 * `allowPrivate`), or has user information, a query or a fragment (RFC 8414 §2).
 */
export function identifierDefect(identifier: string, terms: KeyUrlTerms): string | undefined {
  const url = readKeyUrl(identifier, terms);
  if (typeof url === 'string') return url;
  return identifier.includes('?') ? 'a query in the URL' : undefined;
}
