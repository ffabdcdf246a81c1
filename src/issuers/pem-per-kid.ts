import type { Place } from '../shared/configuration/place.js';
import type { LocationContext } from './key-location.js';

const found = 'a URL for each key, as AWS load balancers publish theirs';
const expected =
  'a source that publishes all keys together (jwksUri, pemMapUri, discovery), or keys in a file: what is fetched by the kid of a token is never known to be whole or withdrawn, see docs/adr/0023-no-keys-one-by-one.md';

/** Where they are, in the regions of the world and in those of GovCloud. */
const ofLoadBalancers = /^https:\/\/(public-keys\.auth\.elb\.|[^/]*\/aws-elb-public-keys)/i;

/** `keys.pemUri`: what people write for such keys. It is refused with the reason, which an unknown setting would not have. */
export function pemUriLocation(_url: string, { place }: LocationContext): undefined {
  place.at('pemUri').refuse(found, expected);
}

/** Refuses a URL that stands for one key of many. @returns whether it did */
export function refusePemPerKid(url: string, place: Place): boolean {
  if (!/\{kid\}/i.test(url) && !ofLoadBalancers.test(url)) return false;
  place.refuse(found, expected);
  return true;
}
