import { soundKeyUrl, type LocationContext } from './key-location.js';
import { refusePemPerKid } from './pem-per-kid.js';

/**
 * An object `{kid: PEM}` at a URL that the configuration names: how Google publishes the keys of Firebase session cookies, where there is
 * no JWK Set of them. Only this setting makes a document be read so: a JWK Set that is none stays a failure.
 */
export interface PemMapUriLocation {
  readonly kind: 'pemMapUri';
  readonly url: string;
}

/** `keys.pemMapUri`. @returns undefined after reporting every problem */
export function pemMapUriLocation(
  pemMapUri: string,
  { place, network }: LocationContext,
): PemMapUriLocation | undefined {
  if (refusePemPerKid(pemMapUri, place.at('pemMapUri'))) return undefined;
  const url = soundKeyUrl(pemMapUri, place.at('pemMapUri'), network);
  return url === undefined ? undefined : { kind: 'pemMapUri', url };
}
