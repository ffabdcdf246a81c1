/** RFC 9112 §3.2.2: a server must take the whole URI, too. */
const absoluteForm = /^https?:\/\/[^/?#]+/i;

/**
 * The decoded segments of the path of a request target, however it is spelled: `/a/b%2Fc?d` is `['', 'a', 'b/c']`.
 * @returns `undefined` for what is not properly encoded; no segments for what is no path, such as `*`
 */
export function locate(requestTarget: string): readonly string[] | undefined {
  const target = requestTarget.replace(absoluteForm, '');
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (path === '' && target !== requestTarget) return ['', ''];
  if (!path.startsWith('/')) return [];
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
