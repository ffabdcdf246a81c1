/** What the configuration can say of a stream of security events. */
import type { ClaimName } from '../../claims/claim-name.js';
import { Section } from '../../shared/configuration/composite-fields.js';
import { DurationField, OneOfField, SecretField, TextField } from '../../shared/configuration/scalar-fields.js';
import type { EventAction } from '../events/event-decision.js';

const MINUTE_MS = 60_000;

/** A token for the transmitter that is asked for (RFC 6749 §4.4). */
export class TransmitterTokenSection {
  @TextField('the client that we are at the transmitter', { required: true, example: 'assay' })
  readonly clientId!: string;

  @SecretField('its secret', { required: true, example: '${file:/run/secrets/ssf}' })
  readonly secret!: string;

  @TextField('where the token is asked for, by `client_credentials`', {
    required: true,
    example: 'https://login.corp.example/realms/a/protocol/openid-connect/token',
  })
  readonly tokenUrl!: string;

  @TextField('its scope', { example: 'ssf.read' })
  readonly scope?: string;
}

/** How the transmitter sends events to us (RFC 8935). */
export class PushSection {
  @SecretField('what the transmitter sends as `Authorization: Bearer`: it is set there together with the URL', {
    required: true,
    example: '${file:/run/secrets/corp-ssf}',
  })
  readonly secret!: string;

  @Section('how it is asked to prove that the stream is alive; see `verifyEvery`', () => TransmitterTokenSection)
  readonly token?: TransmitterTokenSection;
}

/** How we ask the transmitter for events (RFC 8936). */
export class PollSection {
  @TextField('where events are: `endpoint_url` of the stream, which exists at the transmitter already', {
    required: true,
    example: 'https://login.corp.example/realms/a/ssf/transmitter/poll',
  })
  readonly url!: string;

  @DurationField('time between two polls, of all replicas together', { default: 2_000, min: 500, max: 10 * MINUTE_MS })
  readonly every!: number;

  @SecretField('a token for the transmitter that does not change', { example: '${file:/run/secrets/corp-ssf-token}' })
  readonly accessToken?: string;

  @Section('or one that is asked for', () => TransmitterTokenSection)
  readonly token?: TransmitterTokenSection;
}

const actions = ['revoke', 'ignore'] as const;

/** What events do. */
export class EventActionsSection {
  @OneOfField('a session, or all sessions of a user, were ended (CAEP, RISC)', { words: actions, default: 'revoke' })
  readonly sessionRevoked!: EventAction;

  @OneOfField('what tokens say is not true any more (CAEP)', { words: actions, default: 'ignore' })
  readonly claimsChange!: EventAction;

  @OneOfField(
    'a credential was taken away, or a password or passkey replaced (CAEP); one that was added ends nothing',
    { words: actions, default: 'ignore' },
  )
  readonly credentialChange!: EventAction;

  @OneOfField('an account was disabled (RISC)', { words: actions, default: 'revoke' })
  readonly accountDisabled!: EventAction;

  @OneOfField('an account was deleted (RISC)', { words: actions, default: 'revoke' })
  readonly accountPurged!: EventAction;

  @OneOfField('an account must have another credential (RISC)', { words: actions, default: 'revoke' })
  readonly credentialChangeRequired!: EventAction;
}

/** What a signal may say of a stream of events, beside its id and its issuer. */
export interface StreamSettings {
  readonly audience?: string;
  readonly transmitter?: string;
  readonly signalHosts: readonly string[];
  readonly streamId?: string;
  readonly push?: PushSection;
  readonly poll?: PollSection;
  readonly events: EventActionsSection;
  readonly opaqueIs?: 'sid';
  readonly narrowEvents?: 'widen' | 'discard';
  readonly emailClaim?: ClaimName;
  readonly verifyEvery?: number;
}
