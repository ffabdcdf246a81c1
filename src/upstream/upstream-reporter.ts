import type { Clock } from '../shared/clock.js';
import { LogThrottle } from '../telemetry/log-throttle.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics/metrics.js';
import type { OperatorSentence } from '../telemetry/runbook-of-lines.js';
import type { RememberedKind } from './answer-memory.js';
import { upstreamCategories, type UpstreamFailure } from './upstream-failure.js';
import type { AnswerOrigin } from './upstream-step.js';

/** Answers; `foreign`: of another issuer or subject; `refused`: about something that is no token for access, or not for us. */
const answers = ['active', 'inactive', 'foreign', 'refused'] as const;

/** Everything that can come of a question to an issuer. Closed, so that a metric label made from it is bounded. */
export const upstreamResults = [...answers, ...upstreamCategories] as const;

/** The same alarm is written again after this long. */
const QUIET_MS = 60_000;

/** Tells operators how asking issuers goes: counts everything, and writes down what somebody has to mend. Says nothing of any token. */
export class UpstreamReporter {
  private readonly alarms: LogThrottle;

  constructor(private readonly host: { readonly clock: Clock; readonly logger: Logger; readonly metrics: Metrics }) {
    this.alarms = new LogThrottle(host.clock, { spacingMs: QUIET_MS });
  }

  /** An issuer has answered, after so long. */
  answered(issuer: string, result: (typeof answers)[number], seconds: number): void {
    this.count(issuer, result);
    this.host.metrics.measure('assay_upstream_introspections_seconds', seconds, { issuer });
    if (result === 'foreign')
      this.alarm(issuer, result, 'an issuer was asked about a token, and answered about another issuer or subject');
  }

  /** An answer was remembered, or somebody else was waiting for it already. */
  spared(issuer: string, origin: Exclude<AnswerOrigin, 'issuer'>): void {
    this.host.metrics.count('assay_upstream_introspections_spared_total', { issuer, by: origin });
  }

  /** A caller has had more tokens asked about than it may. */
  limited(caller: string): void {
    this.host.metrics.count('assay_upstream_limited_total', { caller });
  }

  /** An answer was forgotten before its time. */
  displaced(answer: RememberedKind): void {
    this.host.metrics.count('assay_upstream_answers_displaced_total', { answer });
  }

  /** An issuer could not be asked. @param seconds absent where nothing was sent */
  failed(issuer: string, { category, message }: UpstreamFailure, seconds?: number): void {
    this.count(issuer, category);
    if (seconds !== undefined) this.host.metrics.measure('assay_upstream_introspections_seconds', seconds, { issuer });
    this.alarm(issuer, category, 'an issuer cannot be asked about its tokens', message);
  }

  /** An issuer refuses the credentials that it accepted, and accepts the others. */
  changedCredentials(issuer: string): void {
    this.host.logger.info({ issuer }, 'an issuer now accepts the other credentials: remove those that it refuses');
  }

  /** A JWT that its keys have proven was accepted although its issuer could not be asked, because `onUnknown` says so. */
  acceptedUnknown(issuer: string): void {
    this.host.metrics.count('assay_upstream_rechecks_skipped_total', { issuer });
  }

  private count(issuer: string, result: (typeof upstreamResults)[number]): void {
    this.host.metrics.count('assay_upstream_introspections_total', { issuer, result });
  }

  private alarm(issuer: string, reason: string, sentence: OperatorSentence, detail?: string): void {
    if (this.alarms.admit(`${issuer}\0${reason}`)) this.host.logger.warn({ issuer, reason, detail }, sentence);
  }
}
