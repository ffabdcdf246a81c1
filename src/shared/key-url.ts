import ipaddr from 'ipaddr.js';

/** Printable ASCII without the backslash, which URL parsers turn into a slash; they also swallow tabs and line ends. */
const plainUrlText = /^[\x21-\x5b\x5d-\x7e]+$/;

/** What {@link readKeyUrl} takes besides `https`, in the words of the configuration. */
export const orLoopback = 'or an http URL of this machine with network.allowPrivate';

/** What a URL that we will connect to must look like, whether a person or a document named it. */
export interface KeyUrlTerms {
  /** Plain `http` to loopback is allowed, for development and sidecars. */
  readonly allowPrivate: boolean;
  /** Where everything goes through a forward proxy: it carries TLS alone. */
  readonly proxyUrl?: string;
}

/**
 * Reads a URL of keys or metadata: absolute, `https` (or `http` to loopback with `allowPrivate`), without user
 * information and fragment (RFC 8414 §2, attack F-10).
 * @returns the URL, or what is wrong with it as a constant phrase
 */
export function readKeyUrl(text: string, terms: KeyUrlTerms): URL | string {
  if (!plainUrlText.test(text) || !URL.canParse(text)) return 'not an absolute URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'user information in the URL';
  if (text.includes('#')) return 'a fragment in the URL';
  if (url.protocol === 'https:') return url;
  const isOfThisMachine = url.protocol === 'http:' && isLoopbackName(url.hostname);
  if (isOfThisMachine && terms.proxyUrl !== undefined) return 'an http URL, which does not go through network.proxyUrl';
  if (isOfThisMachine && terms.allowPrivate) return url;
  return 'not an https URL';
}

/** Whether `hostname` (as `URL` prints it) can only mean this machine. */
export function isLoopbackName(hostname: string): boolean {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (literal === 'localhost') return true;
  return ipaddr.isValid(literal) && ipaddr.parse(literal).range() === 'loopback';
}

/** The port that `url` leads to. */
export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** How a URL may be shown: without user information, and without the query, where people keep secrets (attack F-26). */
export function maskedUrl(text: string): string {
  if (!URL.canParse(text)) return '(not a URL)';
  const url = new URL(text);
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?(masked)'}`;
}

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

/** What {@link nameDefect} wants instead. */
export const soundName = 'a URL without user information, query and fragment, or any other text';

/** What is wrong with an issuer identifier that is written as a URL and only ever compared, as a phrase; nothing is fetched there. */
export function nameDefect(identifier: string): string | undefined {
  return identifierDefect(identifier.replace(/^http:/i, 'https:'), { allowPrivate: false });
}
