/** Receives logout tokens (OpenID Connect Back-Channel Logout 1.0), and revokes the session that each of them ends. */
import { hash } from 'node:crypto';
import { numericDate } from '../../claims/clock-tolerance.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { subjectScopeOf } from '../../issuers/subject-scope.js';
import type { ReceivedOutcome, RevocationOrder, Revocations } from '../../revocation/tokens/revocations.js';
import { RevocationsFull } from '../../revocation/tokens/revocations-full.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { Rejection } from '../../tokens/rejection.js';
import type { GoodToken } from '../../verification/good-token.js';
import type { RefusalLog } from '../refusal-log.js';
import type { Signal } from '../signal.js';
import type { SignalOutcome, SignalStates } from '../signal-states.js';
import type { SignalVerifier } from '../signal-verifier.js';
import type { Signals } from '../signals.js';
import type { LogoutTerms } from './logout-terms.js';
import { CLOCK_TOLERANCE_SECONDS } from './logout-token-policy.js';

/** When asking again makes sense while the shared store does not answer. */
const RETRY_AFTER_SECONDS = 2;

/** The rest of a minute in which a sender has had too much effect. */
const RETRY_WHEN_LIMITED_SECONDS = 60;

/** What {@link LogoutReceiver} works with. */
export interface LogoutReceiverParts {
  readonly signals: Signals;
  readonly issuers: Pick<IssuerRegistry, 'byId'>;
  readonly verifier: Pick<SignalVerifier, 'verify'>;
  readonly revocations: Pick<Revocations, 'receive'>;
  readonly states: SignalStates;
  readonly refusals: RefusalLog;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** A logout token as it was sent. */
export interface PresentedLogout {
  /** Id in the URL. */
  readonly id: string;
  readonly logoutToken: string;
  /** Where the request comes from. */
  readonly source: string;
}

/** A signal that takes logout tokens. */
type LogoutSignal = Signal & { readonly logout: LogoutTerms };

/**
 * OpenID Connect Back-Channel Logout 1.0: a provider says that a session has ended, and its tokens are refused from then on. The token is
 * judged before it is asked whether it came before, so that a forged one cannot use up the id of a genuine one; and it is acknowledged when
 * every replica can read what follows from it, not before.
 */
export class LogoutReceiver {
  constructor(private readonly parts: LogoutReceiverParts) {}

  /**
   * Resolves when the logout is in force, or was before.
   * @throws {OAuthError} 400 where the token is not good, 404 where there is no such signal; 429 and 503 where the provider should send it again
   * @throws {Unavailable} when we cannot know whether it is good, and when there is no room
   */
  async receive(presented: PresentedLogout): Promise<void> {
    const { signal, issuer, verdict } = await this.judge(presented);
    if (verdict instanceof Rejection) throw this.refusal(signal, verdict);
    const { claims } = verdict.jwt;
    const arrival = {
      source: signal.id,
      digest: hash('sha256', JSON.stringify([signal.issuerId, claims['jti'] as string]), 'base64url'),
      untilMs: ((numericDate(claims, 'exp') ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1_000,
      mostPerMinute: signal.mostPerMinute,
    };
    const order = orderOf(signal, issuer, claims, this.parts.clock.wallMs() / 1_000);
    const outcome = await this.parts.revocations.receive(arrival, [order]).catch((error: unknown) => {
      if (error instanceof RevocationsFull) this.received(signal, 'full');
      throw error;
    });
    this.received(signal, outcome === 'first' ? 'accepted' : outcome);
    refuseUnacknowledged(outcome);
  }

  /** By the registrations of now, also where these change while keys are fetched. */
  private async judge({
    id,
    logoutToken: compact,
    source,
  }: PresentedLogout): Promise<{ signal: LogoutSignal; issuer: Issuer; verdict: GoodToken | Rejection }> {
    for (;;) {
      const signal = this.logoutSignal(id);
      const issuer = this.parts.issuers.byId(signal.issuerId);
      if (!issuer) throw this.unregistered(signal);
      const verdict = await this.parts.verifier
        .verify({ compact, signal: id, issuer, source }, signal.logout)
        .catch((error: unknown) => {
          this.received(signal, 'unknown');
          throw error;
        });
      if (this.parts.signals.byId(id) === signal) return { signal, issuer, verdict };
    }
  }

  private logoutSignal(id: string): LogoutSignal {
    const signal = this.parts.signals.byId(id);
    if (signal && takesLogouts(signal)) return signal;
    throw new OAuthError('invalid_request', 'there is no such resource', { status: 404 });
  }

  /** Where files are included, an issuer may be gone that a signal names. */
  private unregistered(signal: Signal): OAuthError {
    this.received(signal, 'unknown');
    return new OAuthError('temporarily_unavailable', 'the issuer of this signal is not registered now', {
      detail: 'the issuer that a signal names is not registered',
      retryAfterSeconds: RETRY_WHEN_LIMITED_SECONDS,
    });
  }

  /** The same for every reason: whoever made the token up learns nothing. */
  private refusal({ id, issuerId }: Signal, rejection: Rejection): OAuthError {
    this.parts.states.refused(id, 'logout', rejection.code);
    this.parts.refusals.refused(id, issuerId, 'logout', rejection);
    return new OAuthError('invalid_request', 'the logout token is not valid');
  }

  private received({ id }: Signal, outcome: SignalOutcome): void {
    this.parts.states.received(id, 'logout', outcome);
  }
}

function takesLogouts(signal: Signal): signal is LogoutSignal {
  return signal.logout !== undefined;
}

/** A session where one is named (§2.6), and only otherwise, or where that is wanted, what the subject was issued up to the logout. */
function orderOf(
  { id, logout }: LogoutSignal,
  issuer: Issuer,
  claims: JsonObject,
  nowSeconds: number,
): RevocationOrder {
  const { sid, sub } = claims as { readonly sid?: string; readonly sub?: string };
  const decider = { by: `signal:${id}`, reason: 'back-channel logout' };
  const about = { issuer, scope: subjectScopeOf(issuer, claims), ...decider };
  const namesSubject = logout.ends === 'subject' && sub !== undefined;
  if (sid !== undefined && !namesSubject) return { ...about, kind: 'session', value: sid, before: 0 };
  // Not later than now: a clock that is ahead would end tokens that nobody has issued yet.
  const before = Math.floor(Math.min(numericDate(claims, 'iat') ?? nowSeconds, nowSeconds));
  return { ...about, kind: 'subject', value: sub ?? '', before };
}

/** What the provider is to send again. */
function refuseUnacknowledged(outcome: ReceivedOutcome): void {
  if (outcome === 'unshared') {
    throw new OAuthError('temporarily_unavailable', 'in force at one instance, which cannot tell the others yet', {
      detail: 'the shared store does not answer: a logout holds at this replica alone for now',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
  if (outcome === 'limited') {
    throw new OAuthError('temporarily_unavailable', 'too many logouts within a minute', {
      status: 429,
      detail: 'a signal has ended more within a minute than its perMinute allows',
      retryAfterSeconds: RETRY_WHEN_LIMITED_SECONDS,
    });
  }
}
