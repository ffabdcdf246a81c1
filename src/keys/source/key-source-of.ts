import type { KeyLocation } from '../../issuers/issuer-keys.config.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { StaticKeyLocation } from '../../issuers/written-keys.js';
import type { Host } from '../../telemetry/host.js';
import { DiscoveringKeySource } from './discovering-key-source.js';
import type { GuardedHttp } from './guarded-http.js';
import { HttpKeySource } from './http-key-source.js';
import { pemMapReader } from './parse-pem-map.js';
import { SpiffeKeySource } from './spiffe-key-source.js';
import type { KeySource, KeySourceEvents } from './key-source.js';

/** Where keys are fetched from; keys of the configuration are there already. */
export type FetchedLocation = Exclude<KeyLocation, StaticKeyLocation>;

/** What the sources of keys are made of. */
export interface KeySourceParts extends Pick<Host, 'clock'> {
  readonly http: GuardedHttp;
  readonly events: KeySourceEvents;
}

/**
 * How the keys of each kind of location are fetched: one line for each kind, and a kind without one does not compile.
 * @param issuer asked anew for each fetch: its settings may have changed
 */
export function keySourceOf(
  location: FetchedLocation,
  issuer: () => Issuer,
  { http, clock, events }: KeySourceParts,
): KeySource {
  switch (location.kind) {
    case 'discovery':
      return new DiscoveringKeySource(location, issuer, http, clock, events);
    case 'jwksUri':
      return new HttpKeySource(location.url, issuer, { http, clock });
    case 'pemMapUri':
      return new HttpKeySource(location.url, issuer, { http, clock }, pemMapReader(clock));
    case 'spiffeBundle':
      return new SpiffeKeySource(location.url, issuer, { http, clock });
  }
}
