import type { Clock } from '../shared/clock.js';
import { inChildSpan } from '../telemetry/tracing/child-span.js';
import { Rejection } from '../tokens/rejection.js';
import type { AskedIssuer, AskedToken, AskingWay } from './asking-way.js';
import type { Said } from './read-answer.js';
import { UpstreamBreaker } from './upstream-breaker.js';
import { upstreamCategoryOf, UpstreamFailure, UpstreamUnavailable } from './upstream-failure.js';
import { UpstreamHistory, type UpstreamState } from './upstream-history.js';
import type { UpstreamReporter } from './upstream-reporter.js';

/** What {@link Upstream} works with. */
export interface UpstreamParts {
  readonly clock: Clock;
  readonly reporter: UpstreamReporter;
}

/**
 * One issuer that is asked about its tokens, within bounds: so many calls at a time, one for each token, one deadline
 * for the whole of it, and none while it does not answer.
 */
export class Upstream {
  private readonly breaker: UpstreamBreaker;
  private readonly history: UpstreamHistory;
  /** Questions under way, by the names that answers have in memory. */
  private readonly flights = new Map<string, Promise<Said>>();

  constructor(
    readonly issuer: AskedIssuer,
    private readonly way: AskingWay,
    private readonly parts: UpstreamParts,
  ) {
    this.breaker = new UpstreamBreaker(parts.clock);
    this.history = new UpstreamHistory(parts.clock);
  }

  /** How asking it goes. */
  state(): UpstreamState {
    const { isOpen: isGivenUp, leftMs: retryInMs } = this.breaker;
    return this.history.state({ isGivenUp, retryInMs, inFlight: this.flights.size });
  }

  /** A token of it needed no question. */
  spared(): void {
    this.history.needless();
  }

  /** The answer that somebody waits for already. */
  underWay(name: string): Promise<Said> | undefined {
    return this.flights.get(name);
  }

  /**
   * @param name of the token
   * @throws {UpstreamUnavailable} when we cannot know
   */
  ask(name: string, asked: AskedToken): Promise<Said> {
    const refusal = this.refusal();
    if (refusal) {
      this.parts.reporter.failed(this.issuer.id, refusal);
      return Promise.reject(new UpstreamUnavailable(this.issuer.id, refusal));
    }
    const flight = this.measured(asked).finally(() => this.flights.delete(name));
    this.flights.set(name, flight);
    return flight;
  }

  /** No further question follows. */
  close(): void {
    this.way.close();
  }

  private refusal(): UpstreamFailure | undefined {
    if (this.flights.size >= this.issuer.opaque.inFlight)
      return new UpstreamFailure('overloaded', 'limits.inFlight calls are under way');
    const waitMs = this.breaker.admit();
    return waitMs > 0
      ? new UpstreamFailure('breaker_open', 'not asked for a moment: it failed again and again', waitMs)
      : undefined;
  }

  private async measured(asked: AskedToken): Promise<Said> {
    const { id } = this.issuer;
    const { clock, reporter } = this.parts;
    const startMs = clock.monoMs();
    const seconds = (): number => (clock.monoMs() - startMs) / 1_000;
    const span = { name: 'upstream_introspection', attributes: { 'assay.issuer': id } };
    try {
      const said = await inChildSpan({ ...span, failure: upstreamCategoryOf }, () => this.inTime(asked));
      this.breaker.succeeded();
      this.history.succeeded();
      reporter.answered(id, resultOf(said), seconds());
      return said;
    } catch (error) {
      const failure = UpstreamFailure.of(error);
      // 400 and its like may be about this one token: whoever makes one up must not close the way for all others.
      if (failure.category === 'status_4xx') this.breaker.succeeded();
      else this.breaker.failed();
      this.history.failed(failure.category);
      reporter.failed(id, failure, seconds());
      throw new UpstreamUnavailable(id, failure);
    }
  }

  /** One deadline for everything, from the name of the host to the last octet. */
  private async inTime(asked: AskedToken): Promise<Said> {
    const deadline = new AbortController();
    const timer = this.parts.clock.after(this.issuer.opaque.timeoutMs, () => {
      deadline.abort(new UpstreamFailure('timeout', 'no answer within limits.timeout'));
    });
    const { promise: late, reject } = Promise.withResolvers<never>();
    deadline.signal.addEventListener('abort', () => {
      reject(deadline.signal.reason as Error);
    });
    try {
      return await Promise.race([this.way.ask(asked, deadline.signal), late]);
    } finally {
      timer.cancel();
    }
  }
}

function resultOf(said: Said): 'active' | 'inactive' | 'foreign' | 'refused' {
  if (said instanceof Rejection) return said.code === 'opaque_foreign' ? 'foreign' : 'refused';
  return said.active ? 'active' : 'inactive';
}
