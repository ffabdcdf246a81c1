import { isErrorReply, type RedisClient, type RedisLink } from '../../redis/redis-link.js';
import type { RedisNames } from '../../redis/redis-names.js';
import type { Timer } from '../../shared/clock.js';
import type { Host } from '../../telemetry/host.js';
import { FleetNews, type NewsListener } from './fleet-news.js';
import { commitChannel, redisKeyNames } from '../store/redis-key-names.js';

const BEAT_MS = 5_000;
/** Subscriptions die without an error: with a connection that was not closed, or with a failover (key-lifecycle 3). */
const SILENT_AFTER_MS = 15_000;

/** What {@link RedisFleetNews} works with. */
export interface RedisFleetNewsParts extends Pick<Host, 'clock'> {
  readonly names: RedisNames;
  /** Where commands go; a read replica will do. */
  readonly link: RedisLink;
  /** Where heartbeats are published. */
  readonly publisher: RedisLink;
  /** Makes a client for one subscription, not connected yet. */
  readonly subscriber: () => RedisClient;
}

/** News through Redis: the fences of records when asked, and a subscription to hints that is replaced when it is silent. */
export class RedisFleetNews extends FleetNews {
  private readonly listeners: NewsListener[] = [];
  /** Sources by their name in Redis, as far as their fences were asked for. */
  private readonly sources = new Map<string, string>();
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

  override async fences(sources: readonly string[]): Promise<readonly (number | undefined)[]> {
    const names = sources.map((source) => redisKeyNames(this.parts.names, source));
    names.forEach(({ name }, i) => this.sources.set(name, sources[i] ?? ''));
    return this.parts.link.run('fences', (client) => Promise.all(names.map(({ record }) => fenceOf(client, record))));
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
    const [name = '', fence = ''] = message.split(' ');
    const source = this.sources.get(name);
    // Others may be able to publish: a hint names a record that has to be read and believed like any other.
    if (source === undefined || !fenceText.test(fence)) return;
    for (const listener of this.listeners) listener(source, Number(fence));
  }
}

const fenceText = /^\d{1,16}$/;

/** The fence of one record; none where the record is not one, so that poison under one name does not hide the others. */
async function fenceOf(client: RedisClient, record: string): Promise<number | undefined> {
  try {
    const fence = await client.hget(record, 'f');
    return fence !== null && fenceText.test(fence) ? Number(fence) : undefined;
  } catch (error) {
    if (isErrorReply(error)) return undefined;
    throw error;
  }
}
