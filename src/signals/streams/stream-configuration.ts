/** What a transmitter has as the configuration of a stream (Shared Signals 1.0 §8.1.1): how often it lets itself be asked, and what it delivers. */
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { isJsonArray, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import type { DecidedEvent, EventAction } from '../events/event-decision.js';
import { typesOf } from '../events/event-types.js';

/** As long as `verifyEvery` can be: what is longer would let nobody notice that a stream is dead. In seconds. */
const LONGEST_INTERVAL_SECONDS = 86_400;

/** What we use of it. */
export interface StreamConfiguration {
  /** Least time between two questions whether the stream is alive; 0: it says none. In milliseconds. */
  readonly minVerifyMs: number;
  /** It says a least time that cannot be used. */
  readonly isIntervalWrong: boolean;
  /** URIs of the events that it sends; undefined: it does not say. */
  readonly delivered: ReadonlySet<string> | undefined;
}

/** Where it is (§8.1.1.2). */
export function configurationUrlOf(endpoint: string, streamId: string): string {
  const url = new URL(endpoint);
  url.searchParams.set('stream_id', streamId);
  return url.href;
}

/** @throws {KeyFetchFailure} where it is of another stream */
export function readStreamConfiguration(
  { stream_id: id, min_verification_interval: seconds, events_delivered: delivered }: JsonObject,
  streamId: string,
): StreamConfiguration {
  if (id !== streamId) throw new KeyFetchFailure('metadata', 'the configuration is of another stream');
  const isUsable = seconds === undefined || isInterval(seconds);
  return {
    minVerifyMs: isInterval(seconds) ? Math.ceil(seconds * 1_000) : 0,
    isIntervalWrong: !isUsable,
    delivered: isJsonArray(delivered) ? new Set(delivered.filter((each) => typeof each === 'string')) : undefined,
  };
}

function isInterval(seconds: JsonValue | undefined): seconds is number {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_INTERVAL_SECONDS;
}

/** Names of the events that are to end tokens and that never come. */
export function undelivered(
  { delivered }: Pick<StreamConfiguration, 'delivered'>,
  actions: Readonly<Record<DecidedEvent, EventAction>>,
): readonly string[] {
  if (!delivered) return [];
  const missing = (Object.keys(actions) as DecidedEvent[])
    .filter((event) => actions[event] === 'revoke')
    .map((event) => typesOf(event))
    .filter((types) => !types.some((type) => delivered.has(type)));
  return missing.map(([type = '']) => type.slice(type.lastIndexOf('/') + 1));
}
