/** Longest SPIFFE ID, in characters (SPIFFE-ID §2.3). */
const LONGEST = 2_048;

/** SPIFFE-ID §2.1: lower case, and neither port nor user information. */
const trustDomain = /^[a-z0-9._-]{1,255}$/;

/** SPIFFE-ID §2.2: no query, fragment, percent or empty segment, and no slash at the end. */
const spiffeId = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]+)*)$/;

/** Whether `text` is the name of a trust domain. */
export function isTrustDomain(text: string): boolean {
  return trustDomain.test(text);
}

/** The trust domain of a SPIFFE ID, read strictly; `undefined` where `text` is none. */
export function trustDomainOf(text: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const [, domain, path = ''] = spiffeId.exec(text) ?? [];
  const hasDots = path.split('/').some((segment) => segment === '.' || segment === '..');
  return hasDots ? undefined : domain;
}
