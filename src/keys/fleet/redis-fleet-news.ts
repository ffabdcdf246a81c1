import type { RedisClient, RedisLink } from '../../redis/redis-link.js';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Timer } from '../../shared/clock.js';
import type { Host } from '../../telemetry/host.js';
import { FleetNews, type NewsListener } from './fleet-news.js';
import { commitChannel } from '../store/redis-key-names.js';
import { readStoredHint } from '../store/source-name.js';

const BEAT_MS = 5_000;
/** Subscriptions die without an error: with a connection that was not closed, or with a failover. */
const SILENT_AFTER_MS = 15_000;

/** What {@link RedisFleetNews} works with. */
export interface RedisFleetNewsParts extends Pick<Host, 'clock'> {
  readonly names: RedisNames;
  /** Where heartbeats are published. */
  readonly publisher: RedisLink;
  /** Makes a client for one subscription, not connected yet. */
  readonly subscriber: () => RedisClient;
}

/** News through Redis: a subscription to hints that is replaced when it is silent. */
export class RedisFleetNews extends FleetNews {
  private readonly listeners: NewsListener[] = [];
  private subscription: RedisClient | undefined;
  private receivedAtMs = 0;
  /** Attempts apart from successes: a subscription that is replaced again and again has been silent all the time. */
  private subscribedAtMs = 0;
  private timer: Timer | undefined;

  private readonly commitChannel: string;
  /** Every replica publishes here now and then, so that silence means a subscription that is dead. */
  private readonly beatChannel: string;

  constructor(private readonly parts: RedisFleetNewsParts) {
    super();
    this.commitChannel = commitChannel(parts.names);
    this.beatChannel = parts.names.of('beats');
  }

  override get silentForMs(): number {
    return this.parts.clock.monoMs() - this.receivedAtMs;
  }

  override onHint(listener: NewsListener): void {
    this.listeners.push(listener);
  }

  override start(): void {
    this.receivedAtMs = this.parts.clock.monoMs();
    this.subscribe();
    this.armBeat();
  }

  override async stop(): Promise<void> {
    this.timer?.cancel();
    await this.subscription?.quit().catch(() => undefined);
    this.subscription?.disconnect();
  }

  private armBeat(): void {
    this.timer = this.parts.clock.after(BEAT_MS, () => {
      void this.parts.publisher.run('publish', (client) => client.publish(this.beatChannel, '')).catch(() => undefined);
      const patientSinceMs = Math.max(this.receivedAtMs, this.subscribedAtMs);
      if (this.parts.clock.monoMs() - patientSinceMs >= SILENT_AFTER_MS) this.subscribe();
      this.armBeat();
    });
  }

  private subscribe(): void {
    this.subscription?.disconnect();
    this.subscribedAtMs = this.parts.clock.monoMs();
    const client = this.parts.subscriber();
    this.subscription = client;
    // The client goes on trying by itself; until then there is the poll.
    client.on('error', () => undefined);
    client.on('ready', () => void client.subscribe(this.commitChannel, this.beatChannel).catch(() => undefined));
    client.on('message', (channel: string, message: string) => {
      this.receive(channel, message);
    });
    void client.connect().catch(() => undefined);
  }

  private receive(channel: string, message: string): void {
    this.receivedAtMs = this.parts.clock.monoMs();
    if (channel !== this.commitChannel) return;
    // Others may be able to publish: a hint names a record that has to be read and believed like any other.
    const hint = readStoredHint(message);
    if (hint) for (const listener of this.listeners) listener(hint.name, hint.fence);
  }
}
