import { soundKeyUrl, type LocationContext } from './key-location.js';
import type { DiscoveryMode } from './discovery-metadata.js';

/** Keys that the issuer's own metadata leads to. */
export interface DiscoveryLocation {
  readonly kind: 'discovery';
  /** `oidc` = OpenID Connect Discovery, `oauth` = RFC 8414, `auto` = each well-known form in turn. */
  readonly mode: DiscoveryMode;
  /** `host` or `host:port` that `jwks_uri` may name besides the metadata's own. Empty = any host, on port 443. */
  readonly jwksHosts: readonly string[];
  /** Where the metadata is reachable, when that is not under the issuer identifier. */
  readonly url?: string;
}

/** What the configuration may say beside `discovery`. */
interface BesideDiscovery {
  readonly discoveryUrl?: string;
  readonly jwksHosts: readonly string[];
}

/** `keys.discovery`. @returns undefined after reporting every problem */
export function discoveryLocation(
  mode: DiscoveryMode,
  { keys: { discoveryUrl, jwksHosts }, place, network }: LocationContext<BesideDiscovery>,
): DiscoveryLocation | undefined {
  const location = { kind: 'discovery', mode, jwksHosts: jwksHosts.map(lowerCase) } as const;
  if (discoveryUrl === undefined) return location;
  const url = soundKeyUrl(discoveryUrl, place.at('discoveryUrl'), network);
  return url === undefined ? undefined : { ...location, url };
}

/** `keys.discoveryUrl` without `discovery`: whichever metadata there is. @returns undefined after reporting every problem */
export function discoveryUrlLocation(
  _url: string,
  context: LocationContext<BesideDiscovery>,
): DiscoveryLocation | undefined {
  return discoveryLocation('auto', context);
}

function lowerCase(host: string): string {
  return host.toLowerCase();
}
