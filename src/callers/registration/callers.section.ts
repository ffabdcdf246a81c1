import { refuseUnknownIssuers } from '../../issuers/issuers.section.js';
import type { ConfigurationSection } from '../../shared/configuration/configuration-section.js';
import { refuseRepeated, type Written } from '../../shared/configuration/written.js';
import { requiredList } from '../../shared/configuration/section-form.js';
import { serverSection } from '../../transport/server.section.js';
import type { Advertisement } from '../methods/caller-method.js';
import { advertisedMethods, eachMethod } from '../methods/caller-methods.js';
import type { PreparedCaller } from './caller-directory.js';
import { CallerSection } from './callers.config.js';
import { warnOfSharedPaths } from './protected-resource.js';
import { refuseSharedNames } from './shared-names.js';
import { refuseUngrantedCaller } from './refuse-ungranted.js';
import { prepareCallers } from './prepare-callers.js';

/** The registered callers, ready. Immutable. */
export interface PreparedCallers {
  readonly registered: readonly PreparedCaller[];
  /** What the metadata (RFC 8414) says of them together. */
  readonly advertised: Advertisement;
}

/** `callers`: the services that may ask. */
export const callersSection: ConfigurationSection<'callers', readonly CallerSection[], PreparedCallers> = {
  key: 'callers',
  form: requiredList('the services that may ask', () => CallerSection, { keyedBy: 'id' }),
  parts: { kind: 'caller', of: (callers) => callers },
  checkWritten: (file) => {
    const callers = file.at('callers').members;
    refuseRepeated(
      callers.map((caller) => caller.at('id')),
      'an id that no other caller has',
    );
    // The word any in a list is refused where the list is read.
    const granted = callers.flatMap((caller) => caller.at('issuers').members).filter(({ text }) => text !== 'any');
    refuseUnknownIssuers(granted, file);
    warnOfSharedPaths(callers.map((caller) => caller.at('resource')));
    for (const caller of callers) refuseSharedNames(caller, file);
    warnOfAnyTeam(callers, file);
    refuseUnsharedReplay(callers, file);
    refuseRequestIdsOfNobody(callers, file);
    for (const [, { key, checkWritten }] of eachMethod) {
      checkWritten?.(
        callers.map((caller) => caller.at(key)),
        file,
      );
    }
  },
  refuseUngranted: refuseUngrantedCaller,
  prepare: async (sections, { place, pause, sectionOf }) => {
    const { identifier, tls, signing } = sectionOf(serverSection);
    const registered = await prepareCallers(sections, { place, pause, identifier, signing });
    const advertised = advertisedMethods(registered, { hasClientAuthorities: tls?.clientCaFile !== undefined });
    return { registered, advertised };
  },
  needsRestart: () => [],
};

/** Each replica would remember its own uses alone, and a proof that was overheard could be used at every one of them. */
function refuseUnsharedReplay(callers: readonly Written[], file: Written): void {
  if (file.at('redis').isThere) return;
  for (const replay of callers.map((caller) => caller.at('proofs').at('dpop').at('replay')))
    if (replay.text === 'shared') replay.place.refuse('shared, without redis', 'redis beside it, or replay: local');
}

/** Where no proxy is trusted, nor known by a certificate, nobody can have set the header but the one who wants to repeat a request. */
function refuseRequestIdsOfNobody(callers: readonly Written[], file: Written): void {
  if (file.at('server').at('trustedProxies').members.length > 0) return;
  for (const caller of callers) {
    const setting = caller.at('proofs').at('dpop').at('proxySetsRequestId');
    if (!setting.isTrue || caller.at('certificate').isThere) continue;
    const expected = 'server.trustedProxies, or a certificate of the proxy at this caller';
    setting.place.refuse('true, where no proxy is trusted', expected);
  }
}

/** Whoever may register an issuer chooses the audiences of its tokens: to a caller of any issuer it may speak as anybody. */
function warnOfAnyTeam(callers: readonly Written[], file: Written): void {
  const mayRegister = file.at('owners').members.some((owner) => !owner.at('trusted').isTrue);
  if (!file.at('include').isThere || !mayRegister) return;
  for (const issuers of callers.map((caller) => caller.at('issuers'))) {
    if (issuers.text !== 'any') continue;
    const remedy = 'the ids of issuers: any is also what a team registers, for every audience that its tokens name';
    issuers.place.warn('any, where included files register issuers', remedy);
  }
}
