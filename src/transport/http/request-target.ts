/** RFC 9112 §3.2.2: a server must take the whole URI, too. */
const scheme = /^https?:\/\//i;

/**
 * The decoded segments of the path of a request target, however it is spelled: `/a/b%2Fc?d` is `['', 'a', 'b/c']`.
 * @returns `undefined` for what is not properly encoded, or no URI; no segments for what is no path, such as `*`
 */
export function locate(requestTarget: string): readonly string[] | undefined {
  const origin = originForm(requestTarget);
  if (origin === undefined) return undefined;
  const end = origin.search(/[?#]/);
  const path = end < 0 ? origin : origin.slice(0, end);
  if (!path.startsWith('/')) return [];
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Without scheme and authority. @returns `undefined` where they are none: a host must not be empty (RFC 9110 §4.2.1) */
function originForm(requestTarget: string): string | undefined {
  if (!scheme.test(requestTarget)) return requestTarget;
  const afterScheme = requestTarget.replace(scheme, '');
  if (/^(?:[/?#:]|$)/.test(afterScheme) || !URL.canParse(requestTarget)) return undefined;
  const end = afterScheme.search(/[/?#]/);
  if (end < 0) return '/';
  return afterScheme[end] === '/' ? afterScheme.slice(end) : `/${afterScheme.slice(end)}`;
}
