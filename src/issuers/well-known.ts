/** Which specification says where an issuer's metadata is. */
export type DiscoveryMode = 'auto' | 'oidc' | 'oauth';

/**
 * Where the metadata of an issuer may be, in the order in which to look.
 * RFC 8414 §3.1 inserts the well-known segment before the path, OpenID Connect Discovery §4.1 appends it after;
 * both remove one terminating `/` first. RFC 8414 §5 keeps the OpenID name with the inserted form for existing servers.
 * @param issuer an `https` URL without query and fragment
 */
export function wellKnownUrls(issuer: string, mode: DiscoveryMode): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const inserted = `${origin}/.well-known/openid-configuration${path}`;
  const appended = `${origin}${path}/.well-known/openid-configuration`;
  if (mode === 'oauth') return [oauth];
  if (mode === 'oidc') return [appended];
  return [...new Set([oauth, inserted, appended])];
}
