import { soundKeyUrl, type LocationContext } from './key-location.js';
import { refusePemPerKid } from './pem-per-kid.js';

/** A JWK Set at a URL that the configuration names. */
export interface JwksUriLocation {
  readonly kind: 'jwksUri';
  readonly url: string;
}

/** `keys.jwksUri`. @returns undefined after reporting every problem */
export function jwksUriLocation(jwksUri: string, { place, network }: LocationContext): JwksUriLocation | undefined {
  if (refusePemPerKid(jwksUri, place.at('jwksUri'))) return undefined;
  const url = soundKeyUrl(jwksUri, place.at('jwksUri'), network);
  return url === undefined ? undefined : { kind: 'jwksUri', url };
}
