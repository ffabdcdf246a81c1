/** What an origin and a path may be made of; what has other characters is written in no URI (RFC 3986 §2). */
const printable = /^[\x21-\x7e]+$/;

const parts = /^(https?):\/\/([^/?#]+)([^?#]*)/i;

const authorityParts = /^(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=-]+)(?::(\d{0,5}))?$/;

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

const unreserved = /[A-Za-z0-9._~-]/;

/**
 * The one spelling of an `http` or `https` URI without its query and fragment, so that two of them can be compared as texts
 * (RFC 9449 §4.3 item 9, RFC 3986 §6.2.2 and §6.2.3): case, percent-encoding, dot segments, default port, empty path.
 * @returns `undefined` where `text` is no such URI, or has a name and a password
 */
export function normalUri(text: string): string | undefined {
  const [, scheme = '', authority = '', path = ''] = printable.test(text) ? (parts.exec(text) ?? []) : [];
  const protocol = scheme.toLowerCase();
  const host = normalAuthority(authority.toLowerCase(), defaultPorts[protocol]);
  const normal = normalPath(path);
  return host === undefined || normal === undefined ? undefined : `${protocol}://${host}${normal}`;
}

/** The origin that `text` is, in its one spelling; `undefined` where it has anything behind the origin, or is none. */
export function normalOrigin(text: string): string | undefined {
  const uri = /[?#]/.test(text) ? undefined : normalUri(text);
  return uri?.endsWith('/') && /^[^/]+:\/\/[^/]+\/?$/.test(text) ? uri.slice(0, -1) : undefined;
}

function normalAuthority(authority: string, defaultPort: number | undefined): string | undefined {
  const [whole, host = '', digits = ''] = authorityParts.exec(authority) ?? [];
  if (whole === undefined) return undefined;
  const port = digits === '' ? defaultPort : Number(digits);
  return port === defaultPort ? host : `${host}:${port}`;
}

function normalPath(path: string): string | undefined {
  if (path === '') return '/';
  // A backslash is a slash to browsers and no delimiter to RFC 3986: what comes before the path must end there for both.
  if (!path.startsWith('/') || /%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  return withoutDotSegments(path.replace(/%[0-9A-Fa-f]{2}/g, normalTriplet));
}

/** RFC 3986 §6.2.2.1 and §6.2.2.2: an unreserved character is written as it is, any other octet in capital letters. */
function normalTriplet(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return unreserved.test(character) ? character : triplet.toUpperCase();
}

/** RFC 3986 §5.2.4, of a path that begins with a slash. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  segments.forEach((segment, i) => {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..') kept.pop();
    if (!isDots) kept.push(segment);
    else if (i === segments.length - 1) kept.push('');
  });
  return `/${kept.join('/')}`;
}
