/** Refuses locations with one URL for each key, and says why: such a set is never known to be whole. */
import type { Place } from '../shared/configuration/place.js';
import type { LocationContext } from './key-location.js';

const found = 'a URL for each key, as AWS load balancers publish theirs';
const expected =
  'a source that publishes all keys together (jwksUri, pemMapUri, discovery), or keys in a file: what is fetched by the kid of a token is never known to be whole or withdrawn, see docs/adr/0023-no-keys-one-by-one.md';

/** Where AWS load balancers publish theirs: in the usual regions, and in those of GovCloud. */
const ofLoadBalancers = /^https:\/\/(public-keys\.auth\.elb\.|[^/]*\/aws-elb-public-keys)/i;

/** `keys.pemUri`, which people try for such keys. It is a setting only to be refused: an unknown one would be refused without this reason. */
export function pemUriLocation(_url: string, { place }: LocationContext): undefined {
  place.at('pemUri').refuse(found, expected);
}

/** Refuses a URL that stands for one key of many. @returns whether it did */
export function refusePemPerKid(url: string, place: Place): boolean {
  if (!/\{kid\}/i.test(url) && !ofLoadBalancers.test(url)) return false;
  place.refuse(found, expected);
  return true;
}
