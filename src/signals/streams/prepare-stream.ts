import { namedClaim } from '../../claims/claim-names.js';
import { SecretDigests } from '../../callers/methods/secret/secret-digest.js';
import { orLoopback, readKeyUrl } from '../../shared/key-url.js';
import type { Place } from '../../shared/configuration/place.js';
import { isWeak, strongSecret } from '../../shared/secret-strength.js';
import type { DecidedEvent, EventAction } from '../events/event-decision.js';
import type { StreamTerms } from './stream-terms.js';
import type { EventActionsSection, StreamSettings, TransmitterTokenSection } from './streams.config.js';
import type { CredentialTerms } from './transmitter-credentials.js';

/** Shorter secrets can be guessed by trying. */
const SHORTEST_SECRET = 8;
const LONGEST_SECRET = 1_024;

/** RFC 6750 §2.1: what can stand behind `Bearer`. */
const b64token = /^[\w.~+/-]+=*$/;

/** Makes a stream ready. @returns undefined where the signal has none, and after reporting every problem */
export function prepareStream(id: string, settings: StreamSettings, place: Place): StreamTerms | undefined {
  const { audience, push, poll, verifyEvery, streamId, transmitter, signalHosts } = settings;
  if (!push && !poll) {
    refuseUnused(settings, place);
    return undefined;
  }
  if (push && poll) place.at('poll').refuse('push as well', 'one of them: a stream is delivered in one way');
  if (audience === undefined) place.at('audience').refuse('nothing', 'what aud of the events names');
  if (transmitter !== undefined) refuseUrl(transmitter, place.at('transmitter'));
  if (push) refuseSecret(push.secret, place.at('push').at('secret'));
  const credentials = credentialsOf(settings, place);
  const mayAsk = transmitter !== undefined && streamId !== undefined && credentials !== undefined;
  if (verifyEvery !== undefined && !mayAsk) {
    const remedy =
      'transmitter, streamId, and a token of push or poll: without them nobody asks whether the stream is alive';
    place.at('verifyEvery').warn('a stream that cannot be asked', remedy);
  }
  const { opaqueIs, narrowEvents, emailClaim, events } = settings;
  return {
    id,
    audience: audience ?? '',
    actions: actionsOf(events),
    signalHosts: signalHosts.map((host) => host.toLowerCase()),
    opaqueIs,
    narrowEvents,
    streamId,
    transmitter,
    credentials,
    emailClaim: emailClaim === undefined ? undefined : namedClaim(emailClaim),
    verifyMs: mayAsk ? verifyEvery : undefined,
    ...(push && { push: { secret: new SecretDigests([{ value: push.secret }]) } }),
    ...(poll && { poll: { url: poll.url, everyMs: poll.every } }),
  };
}

function actionsOf(events: EventActionsSection): Readonly<Record<DecidedEvent, EventAction>> {
  return {
    session_revoked: events.sessionRevoked,
    claims_change: events.claimsChange,
    credential_change: events.credentialChange,
    account_disabled: events.accountDisabled,
    account_purged: events.accountPurged,
    credential_change_required: events.credentialChangeRequired,
  };
}

/** What says something about events that never arrive is a mistake. */
function refuseUnused(settings: StreamSettings, place: Place): void {
  const words = [
    'audience',
    'transmitter',
    'streamId',
    'opaqueIs',
    'narrowEvents',
    'emailClaim',
    'verifyEvery',
  ] as const;
  for (const word of words) {
    if (settings[word] !== undefined) place.at(word).refuse('neither push nor poll', 'push, or poll, beside it');
  }
}

function credentialsOf({ push, poll }: StreamSettings, place: Place): CredentialTerms | undefined {
  if (push) return tokenOf(push.token, place.at('push').at('token'));
  if (!poll) return undefined;
  const at = place.at('poll');
  refuseUrl(poll.url, at.at('url'));
  const { accessToken, token } = poll;
  if ((accessToken === undefined) === (token === undefined)) {
    at.refuse('not exactly one of accessToken and token', 'accessToken, or token: the transmitter must know who polls');
    return undefined;
  }
  if (accessToken === undefined) return tokenOf(token, at.at('token'));
  if (!b64token.test(accessToken)) at.at('accessToken').refuse('something else', 'a bearer token (RFC 6750 §2.1)');
  return { accessToken };
}

function tokenOf(section: TransmitterTokenSection | undefined, place: Place): CredentialTerms | undefined {
  if (!section) return undefined;
  const { clientId, secret, tokenUrl, scope } = section;
  refuseUrl(tokenUrl, place.at('tokenUrl'));
  return { clientId, secret, tokenUrl, scope };
}

/** Whether plain http may be asked, the issuer's own `network` says, when it is. */
function refuseUrl(text: string, place: Place): void {
  const url = readKeyUrl(text, { allowPrivate: true });
  if (typeof url === 'string') place.refuse(url, `an https URL, ${orLoopback} of its issuer`);
}

function refuseSecret(secret: string, place: Place): void {
  const isSound = secret.length >= SHORTEST_SECRET && secret.length <= LONGEST_SECRET && b64token.test(secret);
  if (!isSound) {
    const expected = `${SHORTEST_SECRET} to ${LONGEST_SECRET} characters that a bearer token can have; better ${strongSecret}`;
    place.refuse(`a secret of ${secret.length} characters`, expected);
  } else if (isWeak(secret)) place.warn(`a weak secret of ${secret.length} characters`, strongSecret);
}
