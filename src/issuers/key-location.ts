import type { Place } from '../shared/configuration/place.js';
import { orLoopback, readKeyUrl, type KeyUrlTerms } from '../shared/key-url.js';
import type { Algorithm } from '../tokens/algorithms.js';

/** What the place of an issuer's keys is prepared with, besides the value of its own field. */
export interface LocationContext<Fields = unknown> {
  /** The whole section, for the fields beside. */
  readonly keys: Fields;
  /** Place of that section, such as `issuers[0].keys`. */
  readonly place: Place;
  /** How the issuer's key source may be reached. */
  readonly network: KeyUrlTerms;
  /** Algorithms of the issuer. */
  readonly algorithms: readonly Algorithm[];
  /** Wall time, milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * A URL that keys or metadata may be fetched from.
 * @returns undefined after reporting that it is not one
 */
export function soundKeyUrl(text: string, place: Place, terms: KeyUrlTerms): string | undefined {
  const url = readKeyUrl(text, terms);
  if (url instanceof URL) return text;
  place.refuse(url, `an https URL such as https://login.corp.example/jwks, ${orLoopback}`);
  return undefined;
}
