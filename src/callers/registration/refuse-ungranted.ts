import { refuseUngrantedId, refuseUngrantedNetwork, refuseUngrantedSetting } from '../../issuers/refuse-ungranted.js';
import type { OwnerRights } from '../../shared/configuration/owner-rights.js';
import type { Written } from '../../shared/configuration/written.js';

/** Refuses what an included file was not given the right to let a caller do: else one team could read the tokens of another. */
export function refuseUngrantedCaller(caller: Written, rights: OwnerRights): void {
  const { callers, idPrefix } = rights;
  if (!callers) {
    caller.place.refuse('a caller in a file that was granted none', 'callers in the entry of owners for this file');
    return;
  }
  refuseUngrantedId(caller, rights);
  const isOwn = (id: string) => idPrefix !== '' && id.startsWith(idPrefix);
  const { issuers, audiences, claims } = callers;
  refuseBeyond(
    caller.at('issuers'),
    issuers === 'any' ? issuers : { includes: (id: string) => isOwn(id) || issuers.includes(id) },
  );
  refuseBeyond(caller.at('audiences'), audiences);
  refuseBeyond(caller.at('claims'), claims);
  // Whoever reaches the endpoint is such a caller: it proves nothing.
  if (caller.at('proxy').isTrue) refuseUngrantedSetting(caller.at('proxy'), 'proxy', rights);
  // An upstream of somebody else would believe it.
  if (caller.at('upstream').isThere) refuseUngrantedSetting(caller.at('upstream'), 'upstream', rights);
  // It would end tokens of others.
  const revoke = caller.at('revoke');
  if (revoke.isThere && revoke.text !== 'none') refuseUngrantedSetting(revoke, 'revoke', rights);
  for (const key of caller.keys) refuseUngrantedNetwork(caller.at(key).at('network'), rights);
}

interface Names {
  includes(name: string): boolean;
}

function refuseBeyond(given: Written, granted: Names | 'any'): void {
  if (granted === 'any') return;
  const expected = 'what callers of the entry of owners for this file grants';
  if (given.text === 'any') given.place.refuse('any', expected);
  for (const member of given.members) {
    // A claim within others is a list of names: it belongs to the first of them.
    const name = member.isList ? member.members[0]?.text : member.text;
    if (name === undefined || !granted.includes(name))
      member.place.refuse('a right that this file was not granted', expected);
  }
}
