import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { Timer } from '../../shared/clock.js';
import type { Host } from '../../telemetry/host.js';
import type { EventReceiver, StreamSignal } from '../events/event-receiver.js';
import type { Signal } from '../signal.js';
import { StreamKeeper } from './stream-keeper.js';
import type { StreamStates } from './stream-states.js';
import type { StreamTerms } from './stream-terms.js';
import { READ_EVERY_MS, type Streams } from './streams.js';
import { TransmitterCredentials } from './transmitter-credentials.js';
import type { TransmitterHttp } from './transmitter-http.js';
import { MetadataSource } from './transmitter-metadata.js';
import { VerificationLog } from './verification-log.js';

/** What becomes of a round. A fixed set: it is a label of a metric. */
export const roundOutcomes = ['done', 'failed'] as const;

/** What {@link StreamKeepers} works with. */
export interface StreamKeepersParts extends Host {
  readonly issuers: Pick<IssuerRegistry, 'byId'>;
  readonly streams: Streams;
  readonly states: StreamStates;
  readonly receiver: Pick<EventReceiver, 'receive'>;
  readonly http: TransmitterHttp;
}

/** Attends to every stream that is registered, from its registration to its end. */
export class StreamKeepers {
  private keepers = new Map<string, StreamKeeper>();
  private readonly metadata = new Map<string, MetadataSource>();
  /** Streams of which it was logged that they may tell about nobody. */
  private readonly warnedOf = new Set<string>();
  private readonly logs = new Map<string, VerificationLog>();
  private signals: readonly StreamSignal[] = [];
  private timer: Timer | undefined;
  private isRunning = false;
  private changing: Promise<void> = Promise.resolve();

  constructor(private readonly parts: StreamKeepersParts) {}

  /** From now on, these are all there are. */
  replace(signals: readonly Signal[]): void {
    const before = this.signals;
    this.signals = signals.filter(isStream);
    const ids = new Set(this.signals.map(({ id }) => id));
    for (const { id } of before) if (!ids.has(id)) this.parts.streams.forget(id);
    for (const { issuerId, stream } of this.signals) {
      this.parts.streams.keep(issuerId, stream, this.metadataOf(stream));
    }
    if (this.isRunning) this.attend();
  }

  start(): void {
    this.isRunning = true;
    this.attend();
    this.read();
  }

  /** Resolves when other replicas may take over. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    await this.changing;
    await this.stopAll();
  }

  private attend(): void {
    this.changing = this.changing
      .then(() => this.stopAll())
      .then(() => {
        if (!this.isRunning) return;
        this.keepers = new Map(this.signals.map((signal) => [signal.id, this.keeperOf(signal)]));
        for (const keeper of this.keepers.values()) keeper.start();
      });
  }

  private async stopAll(): Promise<void> {
    const stopped = [...this.keepers.values()].map((keeper) => keeper.stop());
    this.keepers = new Map();
    await Promise.all(stopped);
  }

  /** What other replicas know of each stream. */
  private read(): void {
    if (!this.isRunning) return;
    void Promise.all(this.signals.map(({ id }) => this.parts.streams.read(id))).then(() => {
      if (this.isRunning)
        this.timer = this.parts.clock.after(READ_EVERY_MS, () => {
          this.read();
        });
    });
  }

  private keeperOf(signal: StreamSignal): StreamKeeper {
    const { http, states, clock, replica, issuers, receiver } = this.parts;
    const { stream, id } = signal;
    const { credentials } = stream;
    const metadata = this.metadataOf(stream);
    let wasFailing: string | undefined;
    return new StreamKeeper({
      stream,
      issuer: () => issuers.byId(signal.issuerId),
      http,
      states,
      metadata,
      credentials: credentials && new TransmitterCredentials(credentials, { http, clock }),
      clock,
      replica,
      log: this.logOf(id),
      take: (compact, jti) => receiver.receive({ signal, compact, delivery: 'poll', source: `poll:${id}`, jti }),
      onRound: (error) => {
        this.parts.metrics.count('assay_signal_polls_total', {
          stream: id,
          outcome: error === undefined ? 'done' : 'failed',
        });
        wasFailing = this.report(id, error, wasFailing);
        this.warnOfNobody(id, metadata);
      },
    });
  }

  /** Logs once why a stream can be neither polled nor checked. @returns what was logged */
  private report(stream: string, error: unknown, before: string | undefined): string | undefined {
    if (error === undefined) {
      if (before !== undefined) this.parts.logger.info({ stream }, 'the stream is polled and checked again');
      return undefined;
    }
    const failure = error instanceof KeyFetchFailure ? error : undefined;
    const now = failure?.category ?? (error instanceof Error ? error.name : 'Error');
    const { detail, status, place } = failure ?? {};
    const sentence = 'the transmitter of a stream could not be asked, or its events could not be processed';
    if (now !== before) this.parts.logger.warn({ stream, failure: now, detail, status, ...place }, sentence);
    return now;
  }

  /** A stream that tells about nobody looks like one in which nothing happens. Logged once. */
  private warnOfNobody(stream: string, metadata: MetadataSource | undefined): void {
    if (metadata?.current?.beginsWithNobody !== true) {
      this.warnedOf.delete(stream);
      return;
    }
    if (this.warnedOf.has(stream)) return;
    this.warnedOf.add(stream);
    this.parts.logger.warn(
      { stream },
      'the transmitter sends no events until subjects are added to the stream there: its metadata says default_subjects: NONE',
    );
  }

  /** It outlives a change of the configuration: what was logged stays so. */
  private logOf(stream: string): VerificationLog {
    const log = this.logs.get(stream) ?? new VerificationLog(stream, this.parts.logger);
    this.logs.set(stream, log);
    return log;
  }

  private metadataOf({ id, transmitter }: StreamTerms): MetadataSource | undefined {
    if (transmitter === undefined) return undefined;
    const key = `${id} ${transmitter}`;
    const { http, clock } = this.parts;
    const source = this.metadata.get(key) ?? new MetadataSource({ http, clock });
    this.metadata.set(key, source);
    return source;
  }
}

function isStream(signal: Signal): signal is StreamSignal {
  return signal.stream !== undefined;
}
