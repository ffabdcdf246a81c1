import { refuseUnknownIssuers, templatesIn } from '../issuers/issuers.section.js';
import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import type { Place } from '../shared/configuration/place.js';
import { optionalList } from '../shared/configuration/section-form.js';
import { refuseRepeated, type Written } from '../shared/configuration/written.js';
import { logoutTermsOf } from './logout/logout-terms.js';
import type { Signal } from './signal.js';
import { SignalSection } from './signals.config.js';
import { prepareStream } from './streams/prepare-stream.js';

/** `signals`: who tells that a session or a subject has ended. */
export const signalsSection: ConfigurationSection<'signals', readonly SignalSection[], readonly Signal[]> = {
  key: 'signals',
  form: optionalList('who tells that a session or a subject has ended, before its tokens expire', () => SignalSection, {
    keyedBy: 'id',
  }),
  parts: { kind: 'signal', of: (signals) => signals },
  checkWritten: (file) => {
    const signals = file.at('signals').members;
    refuseRepeated(
      signals.map((signal) => signal.at('id')),
      'an id that no other signal has: it is a part of its URL',
    );
    const issuers = signals.map((signal) => signal.at('issuer'));
    refuseUnknownIssuers(issuers, file);
    refuseIssuersWithoutLogin(issuers, file);
    for (const signal of signals) refuseIdle(signal);
  },
  prepare: (sections, { place }) => sections.map((section, i) => prepareSignal(section, place.at(i))),
  needsRestart: () => [],
};

/** Keys of an entry, each of which says how signals arrive. */
const waysToArrive = ['backchannelLogout', 'push', 'poll'] as const satisfies readonly (keyof SignalSection)[];

/** Whose subject a signal names must be plain from its registration alone. */
function refuseIssuersWithoutLogin(named: readonly Written[], file: Written): void {
  const templates = new Set(templatesIn(file));
  const trustDomains = file.at('issuers').members.filter((issuer) => issuer.at('spiffe').isThere);
  const ofSpiffe = new Set(trustDomains.map((issuer) => issuer.at('id').text));
  for (const { text, place } of named) {
    if (text === undefined) continue;
    if (templates.has(text)) {
      place.refuse('an issuer of many tenants', 'an issuer of its own for the tenant whose users log out');
    } else if (ofSpiffe.has(text)) {
      place.refuse('a SPIFFE trust domain', 'an issuer that users log in at: workloads have no sessions');
    }
  }
}

function refuseIdle(signal: Written): void {
  if (waysToArrive.some((way) => signal.at(way).isThere)) return;
  const ways = 'backchannelLogout: { audience: … }, push: { secret: … }, or poll: { url: … }';
  signal.place.refuse('no way for it to arrive', ways);
}

function prepareSignal(section: SignalSection, place: Place): Signal {
  const { id, issuer, backchannelLogout, legacyTyp, perMinute, ...streamed } = section;
  const stream = prepareStream(id, streamed, place);
  return {
    id,
    issuerId: issuer,
    mostPerMinute: perMinute,
    ...(backchannelLogout && { logout: logoutTermsOf(backchannelLogout, { legacyTyp }) }),
    ...(stream && { stream }),
  };
}
