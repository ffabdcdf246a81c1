/** Logs what keeps a stream from being verified as it should be, and what it does not deliver: each once, for as long as it stays so. */
import type { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { DecidedEvent, EventAction } from '../events/event-decision.js';
import type { Host } from '../../telemetry/host.js';
import { undelivered, type StreamConfiguration } from './stream-configuration.js';

const sentences = {
  period:
    'the transmitter wants fewer questions than verifyEvery asks (min_verification_interval): it is asked as often as askedEverySeconds says, and a silent stream is noticed after three times as long',
  interval:
    'min_verification_interval of the stream at its transmitter is not a number of seconds from 0 to 86400, and is not used',
  events:
    'the transmitter does not deliver some events in this stream, so they end no token: have them added there, or set them to ignore in the events of the signal',
  configuration:
    'the configuration of the stream could not be read at its transmitter: the min_verification_interval that was read last is still used, or none',
  limited: 'the transmitter wants to be asked later whether the stream is alive (429): its events are still taken',
  asked: 'the transmitter could not be asked whether the stream is alive: its events are still taken',
} as const;

type Topic = keyof typeof sentences;

/** Logs for one stream. */
export class VerificationLog {
  private readonly said = new Map<Topic, string>();

  constructor(
    private readonly stream: string,
    private readonly logger: Host['logger'],
  ) {}

  /** The configuration of the stream was read. */
  configured(configuration: StreamConfiguration, actions: Readonly<Record<DecidedEvent, EventAction>>): void {
    const events = undelivered(configuration, actions);
    this.say('interval', configuration.isIntervalWrong ? {} : undefined);
    this.say('events', events.length === 0 ? undefined : { events });
  }

  /** @param failure why it could not be read; absent: it was */
  read(failure: KeyFetchFailure | undefined): void {
    this.say('configuration', failure && fieldsOf(failure));
  }

  /** How often the stream is asked, in milliseconds. */
  period(verifyMs: number, periodMs: number): void {
    const fields = { verifyEverySeconds: verifyMs / 1_000, askedEverySeconds: periodMs / 1_000 };
    this.say('period', periodMs === verifyMs ? undefined : fields);
  }

  /** @param failure why the transmitter could not be asked; absent: it was */
  asked(failure: KeyFetchFailure | undefined): void {
    const isLimited = failure?.category === 'rate_limited';
    const wasFailing = this.said.has('asked') || this.said.has('limited');
    this.say('limited', isLimited ? fieldsOf(failure) : undefined);
    this.say('asked', isLimited ? undefined : failure && fieldsOf(failure));
    if (!failure && wasFailing) {
      this.logger.info({ stream: this.stream }, 'the transmitter can be asked again whether the stream is alive');
    }
  }

  /** @param fields absent: it is not so, or not any more */
  private say(topic: Topic, fields: object | undefined): void {
    const now = fields && JSON.stringify(fields);
    if (now === this.said.get(topic)) return;
    if (now === undefined) {
      this.said.delete(topic);
      return;
    }
    this.said.set(topic, now);
    this.logger.warn({ stream: this.stream, ...fields }, sentences[topic]);
  }
}

function fieldsOf({ category, detail, status, place }: KeyFetchFailure): object {
  return { failure: category, detail, status, ...place };
}
