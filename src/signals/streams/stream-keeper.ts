/** Attends to one stream of security events: polls it, and has it verified. */
import type { Issuer } from '../../issuers/issuer.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { Clock, Timer } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import type { SetError } from '../events/set-error.js';
import { MOST_SETS, pollBody, readPollAnswer, type PolledSets } from './poll-request.js';
import type { StreamStates } from './stream-states.js';
import type { StreamTerms } from './stream-terms.js';
import { StreamVerification, type StreamQuestion } from './stream-verification.js';
import type { TransmitterCredentials } from './transmitter-credentials.js';
import { TRANSMITTER_TIMEOUT_MS, type TransmitterHttp } from './transmitter-http.js';
import type { MetadataSource } from './transmitter-metadata.js';
import type { VerificationLog } from './verification-log.js';

/** How long a replica that died keeps others from asking, beyond the time between two polls: longer than a question takes. In milliseconds. */
const LEASE_MS = TRANSMITTER_TIMEOUT_MS + 5_000;

/** How often a stream is attended to that is pushed. In milliseconds. */
const PUSHED_MS = 10_000;

/** Longest pause after failures. In milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/** Answers that are read in a row where there is always more; then others have their turn. */
const MOST_ANSWERS = 50;

/** What {@link StreamKeeper} works with. */
export interface StreamKeeperParts {
  readonly stream: StreamTerms;
  /** As it is registered now. */
  readonly issuer: () => Issuer | undefined;
  readonly http: TransmitterHttp;
  readonly states: StreamStates;
  readonly metadata: MetadataSource | undefined;
  readonly credentials: TransmitterCredentials | undefined;
  readonly clock: Clock;
  readonly replica: string;
  readonly log: VerificationLog;
  /**
   * Takes one token that a poll has brought.
   * @returns the error that its transmitter gets instead of an acknowledgement
   * @throws {Error} where it is to be brought again
   */
  readonly take: (compact: string, jti: string) => Promise<SetError | undefined>;
  /** Called after each round. @param error what kept it from asking */
  readonly onRound: (error?: unknown) => void;
}

/**
 * Attends to one stream, together with the keepers of other replicas: one of them at a time polls the transmitter, and asks it to prove that
 * the stream is alive. What was read and not acknowledged yet is brought again to whoever polls next, so nothing is lost with a replica.
 */
export class StreamKeeper {
  private readonly ending = new AbortController();
  private timer: Timer | undefined;
  private round: Promise<void> | undefined;
  private failures = 0;
  private most = MOST_SETS;
  private acknowledged: string[] = [];
  private refused = new Map<string, SetError>();

  private readonly verification: StreamVerification;

  constructor(private readonly parts: StreamKeeperParts) {
    const { stream, states, metadata, clock, log } = parts;
    const ask = this.send.bind(this);
    this.verification = new StreamVerification({
      stream,
      states,
      metadata,
      clock,
      log,
      ask,
      holds: () => this.holds(),
    });
  }

  start(): void {
    this.arm(0);
  }

  /** Lets another replica in at once. */
  async stop(): Promise<void> {
    const { states, stream, replica } = this.parts;
    this.ending.abort();
    this.timer?.cancel();
    await this.round;
    await states.release(stream.id, replica).catch(() => undefined);
  }

  /** One round: never rejects. */
  attend(): Promise<void> {
    this.round ??= this.ask()
      .then(
        () => {
          this.failures = 0;
          this.parts.onRound();
          return this.everyMs;
        },
        (error: unknown) => {
          this.parts.onRound(error);
          return this.pauseAfter(error);
        },
      )
      .then((delayMs) => {
        this.round = undefined;
        this.arm(delayMs);
      });
    return this.round;
  }

  private arm(delayMs: number): void {
    if (this.ending.signal.aborted) return;
    this.timer = this.parts.clock.after(delayMs, () => void this.attend());
  }

  private get everyMs(): number {
    return this.parts.stream.poll?.everyMs ?? PUSHED_MS;
  }

  /** What a transmitter asks for is kept, within bounds; each failure doubles the time until the next attempt. */
  private pauseAfter(error: unknown): number {
    this.failures++;
    const asked = error instanceof KeyFetchFailure ? (error.retryAfterMs ?? 0) : 0;
    return Math.min(Math.max(this.everyMs * 2 ** Math.min(this.failures, 6), asked), LONGEST_PAUSE_MS);
  }

  private async ask(): Promise<void> {
    const { stream, issuer, metadata, states } = this.parts;
    const registered = issuer();
    if (!registered) return;
    const { network, issuer: name } = registered;
    const { transmitter, signalHosts } = stream;
    const failures: unknown[] = [];
    if (metadata && transmitter !== undefined) {
      // Events that do not depend on it go on.
      await metadata
        .refresh({ transmitter, issuer: name, signalHosts, network }, this.ending.signal)
        .catch((error: unknown) => {
          failures.push(error);
        });
    }
    const { heldBy = '' } = await states.read(stream.id);
    if (heldBy === '' && (await this.holds()) !== undefined) {
      for (const question of [() => this.poll(registered), () => this.verification.attend(registered)]) {
        await question().catch((error: unknown) => failures.push(error));
      }
    }
    const [first] = failures;
    if (first !== undefined) throw first as Error;
  }

  /** Renewed before every question, so that it outlasts its answer. */
  private holds(): Promise<number | undefined> {
    const { states, stream, replica } = this.parts;
    return states.acquire(stream.id, replica, this.everyMs + LEASE_MS);
  }

  private async poll(issuer: Issuer): Promise<void> {
    const { stream, states, clock } = this.parts;
    if (!stream.poll) return;
    for (let answers = 0; answers < MOST_ANSWERS && !this.ending.signal.aborted; answers++) {
      const fence = await this.holds();
      if (fence === undefined) return;
      const { sets, isMore } = await this.pollOnce(stream.poll.url, issuer);
      await states.update(stream.id, { polledAtMs: clock.wallMs() }, fence);
      await this.takeAll(sets);
      if (!isMore) return;
    }
  }

  /** One that cannot be taken now does not keep the others back. @throws {Error} where there is one */
  private async takeAll(sets: PolledSets['sets']): Promise<void> {
    let failure: unknown;
    for (const [jti, compact] of sets) {
      try {
        const error = await this.parts.take(compact, jti);
        if (error) this.refused.set(jti, error);
        else this.acknowledged.push(jti);
      } catch (error) {
        failure = error;
      }
    }
    if (failure !== undefined) throw failure as Error;
  }

  private async pollOnce(url: string, issuer: Issuer): Promise<PolledSets> {
    const { acknowledged, refused, most } = this;
    const body = pollBody(most, { acknowledged, refused });
    const answer = await this.send({ url, body }, issuer).catch((error: unknown) => {
      // What does not fit is asked for in smaller parts: it would never fit otherwise.
      if (error instanceof KeyFetchFailure && error.category === 'oversize') this.most = Math.ceil(most / 4);
      throw error;
    });
    const found = readPollAnswer(answer, most);
    this.most = MOST_SETS;
    this.acknowledged = [];
    this.refused = new Map();
    return found;
  }

  /** @param question without a body: what is at the URL is read */
  private async send({ url, body }: StreamQuestion, { network }: Issuer): Promise<JsonObject | undefined> {
    const { http, credentials } = this.parts;
    const ending = this.ending.signal;
    const authorization = await credentials?.authorization(network, ending);
    const post = body === undefined ? undefined : { type: 'application/json', body };
    try {
      return await http.ask({ url, network, post, authorization }, ending);
    } catch (error) {
      if (error instanceof KeyFetchFailure && error.status === 401) credentials?.forget();
      throw error;
    }
  }
}
