/** The places of keys that are one URL, which the configuration names and nothing in a token chooses. */
import { soundKeyUrl, type LocationContext } from './key-location.js';
import { refusePemPerKid } from './pem-per-kid.js';

/** A JWK Set at a URL that the configuration names. */
export interface JwksUriLocation {
  readonly kind: 'jwksUri';
  readonly url: string;
}

/**
 * An object `{kid: PEM}` at a URL that the configuration names: how Google publishes the keys of Firebase session cookies, where there is
 * no JWK Set of them. Only this setting makes a document be read so: a JWK Set that is none stays a failure.
 */
export interface PemMapUriLocation {
  readonly kind: 'pemMapUri';
  readonly url: string;
}

/** `keys.jwksUri`. @returns undefined after reporting every problem */
export function jwksUriLocation(jwksUri: string, context: LocationContext): JwksUriLocation | undefined {
  const url = soundUrl('jwksUri', jwksUri, context);
  return url === undefined ? undefined : { kind: 'jwksUri', url };
}

/** `keys.pemMapUri`. @returns undefined after reporting every problem */
export function pemMapUriLocation(pemMapUri: string, context: LocationContext): PemMapUriLocation | undefined {
  const url = soundUrl('pemMapUri', pemMapUri, context);
  return url === undefined ? undefined : { kind: 'pemMapUri', url };
}

function soundUrl(setting: string, url: string, { place, network }: LocationContext): string | undefined {
  const at = place.at(setting);
  return refusePemPerKid(url, at) ? undefined : soundKeyUrl(url, at, network);
}
