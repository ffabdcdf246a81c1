import type { ClaimName } from '../claims/claim-name.js';
import { ClaimField } from '../issuers/claim-name.config.js';
import { Section, TextList } from '../shared/configuration/composite-fields.js';
import {
  DurationField,
  FlagField,
  IntegerField,
  OneOfField,
  TextField,
} from '../shared/configuration/scalar-fields.js';
import { BackchannelLogoutSection } from './logout/backchannel-logout.config.js';
import { EventActionsSection, PollSection, PushSection, type StreamSettings } from './streams/streams.config.js';

/** What a path can have between two slashes whatever reads it. */
const safeId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** One source of news about sessions and subjects: who sends it, and how it comes. */
export class SignalSection implements StreamSettings {
  @TextField('its name: in its URL, in logs and in metrics', {
    required: true,
    pattern: safeId,
    expected: '1 to 64 letters, digits, - and _, a letter or digit first: it is a part of a URL',
    example: 'corp-logout',
  })
  readonly id!: string;

  @TextField('id of the issuer whose keys sign it, and whose tokens it ends: no other one', {
    required: true,
    example: 'corp',
  })
  readonly issuer!: string;

  @Section('OpenID Connect Back-Channel Logout, at `POST /signals/{id}/logout`', () => BackchannelLogoutSection)
  readonly backchannelLogout?: BackchannelLogoutSection;

  @FlagField(
    'also takes what does not say its kind in the header: `typ` is absent or `JWT`. For providers that are older than `logout+jwt`',
    { default: false },
  )
  readonly legacyTyp!: boolean;

  @IntegerField(
    'most signals that end something within a minute, all replicas together; more are not acknowledged, so that a provider gone mad does not log everybody out',
    { default: 600, min: 1, max: 1_000_000 },
  )
  readonly perMinute!: number;

  @TextField('Shared Signals: what `aud` of security events must name', { example: 'https://assay.example.com' })
  readonly audience?: string;

  @TextField(
    'URL of the transmitter, by which its metadata is found: which members of subjects are critical, and where it is asked whether the stream is alive. Until it was read once, no event of the stream is acknowledged',
    { example: 'https://login.corp.example/realms/a' },
  )
  readonly transmitter?: string;

  @TextList('hosts that its metadata may lead to, besides its own', { default: [] })
  readonly signalHosts!: readonly string[];

  @TextField('what the transmitter calls the stream, which exists there already: `stream_id`', {
    example: 'f67e39a0a4d34d56b3aa1bc4cff0069f',
  })
  readonly streamId?: string;

  @Section('events are sent to `POST /signals/{id}/events` (RFC 8935)', () => PushSection)
  readonly push?: PushSection;

  @Section('or they are asked for (RFC 8936)', () => PollSection)
  readonly poll?: PollSection;

  @Section('what events do', () => EventActionsSection, { default: {} })
  readonly events!: EventActionsSection;

  @OneOfField(
    'sid: identifiers that say nothing about themselves are those of sessions; absent: they are not understood',
    {
      words: ['sid'],
    },
  )
  readonly opaqueIs?: 'sid';

  @OneOfField(
    'what is done for an event about a part of a user, as one device, which tokens cannot be told apart by: widen ends all tokens of the user, discard none; absent: widen where sessions were ended, else discard',
    { words: ['widen', 'discard'] },
  )
  readonly narrowEvents?: 'widen' | 'discard';

  @ClaimField(
    'claim by which an event about an email address finds tokens; absent: such events find nothing. An address may be given to another person later',
    { example: 'email' },
  )
  readonly emailClaim?: ClaimName;

  @DurationField(
    'how often the transmitter is asked to prove that the stream is alive, unless it wants to be asked less often; absent: never',
    {
      min: 60_000,
      max: 86_400_000,
      example: '5m',
    },
  )
  readonly verifyEvery?: number;
}
