/** Asks a transmitter whether a stream is alive, as often as both want: `verifyEvery` here, `min_verification_interval` there. */
import { randomBytes } from 'node:crypto';
import type { Issuer } from '../../issuers/issuer.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import { configurationUrlOf, readStreamConfiguration } from './stream-configuration.js';
import { verificationPeriodMs } from './stream-health.js';
import type { StreamState, StreamStates } from './stream-states.js';
import type { StreamTerms } from './stream-terms.js';
import type { MetadataSource, TransmitterMetadata } from './transmitter-metadata.js';
import type { VerificationLog } from './verification-log.js';

/** The configuration of a stream hardly ever changes. In milliseconds. */
const LIFE_MS = 60 * 60_000;

/** One that could not be read is asked for again after this long. In milliseconds. */
const RETRY_MS = 5 * 60_000;

/** A transmitter that does not want to be asked is not asked for so long at most. In milliseconds. */
const LONGEST_WAIT_MS = 60 * 60_000;

/** One question about a stream. */
export interface StreamQuestion {
  readonly url: string;
  /** JSON; absent: what is at the URL is read. */
  readonly body?: string;
}

/** What {@link StreamVerification} works with. */
export interface StreamVerificationParts {
  readonly stream: StreamTerms;
  readonly states: StreamStates;
  readonly metadata: MetadataSource | undefined;
  readonly clock: Clock;
  readonly log: VerificationLog;
  /** Asks the transmitter, and shows it who asks. @throws {KeyFetchFailure} */
  readonly ask: (question: StreamQuestion, issuer: Issuer) => Promise<JsonObject | undefined>;
  /** @returns the fence of the one who may ask; undefined where that is another replica */
  readonly holds: () => Promise<number | undefined>;
}

/** Verifies one stream (Shared Signals 1.0 §8.1.4). The least time between two questions is read by who asks, and known to all replicas. */
export class StreamVerification {
  private configurationDueAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: StreamVerificationParts) {}

  /**
   * Asks where that is due; the answer is an event of the stream. A transmitter that cannot be asked, or does not want to be, is logged: events
   * do not depend on it.
   * @throws {RedisUnavailable}
   */
  async attend(issuer: Issuer): Promise<void> {
    const { stream, states, metadata, clock } = this.parts;
    const { id, verifyMs, streamId } = stream;
    const found = metadata?.current;
    if (verifyMs === undefined || streamId === undefined || found?.verificationUrl === undefined) return;
    const before = await states.read(id);
    const state = { ...before, minVerifyMs: await this.leastTime(found.configurationUrl, streamId, issuer, before) };
    const periodMs = verificationPeriodMs(verifyMs, state);
    this.parts.log.period(verifyMs, periodMs);
    if (!isDue(state, periodMs, clock.wallMs())) return;
    const fence = await this.parts.holds();
    if (fence === undefined) return;
    const askedState = randomBytes(16).toString('base64url');
    // Noted first: the answer may be here before the answer to the question is.
    await states.update(id, { askedAtMs: clock.wallMs(), askedState }, fence);
    const body = JSON.stringify({ stream_id: streamId, state: askedState });
    const failure = await this.failureOf(this.parts.ask({ url: found.verificationUrl, body }, issuer));
    this.parts.log.asked(failure);
    // Counted from its answer, so that the next question cannot reach it too early.
    const nowMs = clock.wallMs();
    await states.update(id, { askedAtMs: nowMs, askAfterMs: nowMs + waitAfter(failure) }, fence);
  }

  /** @returns the least time between two questions, as far as it is known, which other replicas know then too */
  private async leastTime(
    endpoint: TransmitterMetadata['configurationUrl'],
    streamId: string,
    issuer: Issuer,
    { minVerifyMs: before = 0 }: StreamState,
  ): Promise<number> {
    const { states, stream, holds } = this.parts;
    const minVerifyMs = endpoint === undefined ? 0 : ((await this.read(endpoint, streamId, issuer)) ?? before);
    if (minVerifyMs === before) return before;
    const fence = await holds();
    if (fence !== undefined) await states.update(stream.id, { minVerifyMs }, fence);
    return minVerifyMs;
  }

  /** @returns what the configuration of the stream says; undefined where it was not read, because it is not due or cannot be */
  private async read(
    endpoint: string | KeyFetchFailure,
    streamId: string,
    issuer: Issuer,
  ): Promise<number | undefined> {
    const { stream, clock, log, holds, ask } = this.parts;
    const nowMs = clock.monoMs();
    if (nowMs < this.configurationDueAtMs || (await holds()) === undefined) return undefined;
    let minVerifyMs: number | undefined;
    const reading = async (url: string): Promise<void> => {
      const answer = await ask({ url: configurationUrlOf(url, streamId) }, issuer);
      const configuration = readStreamConfiguration(answer ?? {}, streamId);
      log.configured(configuration, stream.actions);
      ({ minVerifyMs } = configuration);
    };
    const failure = endpoint instanceof KeyFetchFailure ? endpoint : await this.failureOf(reading(endpoint));
    log.read(failure);
    this.configurationDueAtMs = nowMs + (failure ? Math.max(RETRY_MS, waitAfter(failure)) : LIFE_MS);
    return minVerifyMs;
  }

  /** What the transmitter is to blame for; anything else is thrown. */
  private async failureOf(asking: Promise<unknown>): Promise<KeyFetchFailure | undefined> {
    try {
      await asking;
      return undefined;
    } catch (error) {
      if (error instanceof KeyFetchFailure) return error;
      throw error;
    }
  }
}

function waitAfter(failure: KeyFetchFailure | undefined): number {
  return Math.min(failure?.retryAfterMs ?? 0, LONGEST_WAIT_MS);
}

/** What a clock has written that has been put back since does not count. */
function isDue({ askedAtMs = 0, askAfterMs = 0 }: StreamState, periodMs: number, nowMs: number): boolean {
  if (askedAtMs > nowMs) return true;
  return nowMs >= Math.max(askedAtMs + periodMs, askAfterMs);
}
