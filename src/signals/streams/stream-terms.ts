import type { SecretDigests } from '../../callers/methods/secret/secret-digest.js';
import type { NamedClaim } from '../../claims/claim-names.js';
import type { DecidedEvent, EventAction, EventTerms } from '../events/event-decision.js';
import type { CredentialTerms } from './transmitter-credentials.js';

/** A stream of security events (Shared Signals 1.0), ready. Immutable. */
export interface StreamTerms extends Pick<EventTerms, 'narrowEvents' | 'opaqueIs' | 'streamId'> {
  /** Id of the signal. */
  readonly id: string;
  /** What `aud` of its events must name. */
  readonly audience: string;
  readonly actions: Readonly<Record<DecidedEvent, EventAction>>;
  /** Claim of tokens that says an address; absent: addresses find nothing. */
  readonly emailClaim?: NamedClaim | undefined;
  /** URL of the transmitter, where its metadata counts. */
  readonly transmitter?: string | undefined;
  /** `host` or `host:port` that its metadata may lead to besides its own. */
  readonly signalHosts: readonly string[];
  /** Where it is pushed: the secret that the transmitter shows. */
  readonly push?: { readonly secret: SecretDigests };
  readonly poll?: { readonly url: string; readonly everyMs: number };
  /** How we ask the transmitter. */
  readonly credentials?: CredentialTerms | undefined;
  /** How often it is asked to prove that the stream is alive; absent: never. */
  readonly verifyMs?: number | undefined;
}
