/** Counts the live replicas, so that each knows by how much to slow down when it decides alone. */
import type { RedisLink } from '../../redis/redis-link.js';
import type { RedisNames } from '../../redis/redis-names.js';
import { RedisScript, scriptPrelude } from '../../redis/redis-script.js';
import type { Timer } from '../../shared/clock.js';
import type { Host } from '../../telemetry/host.js';
import { ASSUMED_REPLICAS, FleetMembers } from './fleet-members.js';

/** How often a replica sends a heartbeat. */
const BEAT_MS = 5_000;
/** A replica that was silent for three heartbeats is gone. */
const GONE_AFTER_MS = 15_000;

/**
 * Records a heartbeat, and counts the replicas that live. KEYS members. ARGV time or '', replica. A heartbeat from the
 * future is of a clock that has been set back since; a replica that lives sends another one soon.
 */
const beat = new RedisScript(`${scriptPrelude}
local members, now = KEYS[1], clock(ARGV[1])
redis.call('ZREMRANGEBYSCORE', members, '-inf', '(' .. digits(now - ${GONE_AFTER_MS}))
redis.call('ZREMRANGEBYSCORE', members, '(' .. digits(now), '+inf')
redis.call('ZADD', members, now, ARGV[2])
redis.call('PEXPIRE', members, ${GONE_AFTER_MS})
return tostring(redis.call('ZCARD', members))
`);

/** What {@link RedisFleetMembers} works with. */
export interface RedisFleetMembersParts extends Pick<Host, 'clock' | 'replica'> {
  readonly link: RedisLink;
  readonly names: RedisNames;
  /** Only replicas of one region share a budget. */
  readonly region?: string;
  /** What is assumed until they have been counted once. */
  readonly assumed?: number;
}

/** Counts replicas by their heartbeats in Redis, on Redis' clock. */
export class RedisFleetMembers extends FleetMembers {
  private counted: number | undefined;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: RedisFleetMembersParts) {
    super();
  }

  override get size(): number {
    return this.counted ?? this.parts.assumed ?? ASSUMED_REPLICAS;
  }

  override start(): void {
    this.isRunning = true;
    void this.beat();
  }

  override async stop(): Promise<void> {
    this.isRunning = false;
    this.timer?.cancel();
    const { link, replica } = this.parts;
    await link.run('leave', (client) => client.zrem(this.key, replica)).catch(() => undefined);
  }

  private async beat(): Promise<void> {
    const { link, replica, clock } = this.parts;
    try {
      const input = { keys: [this.key], args: ['', replica] };
      const reply = await link.run('beat', (client) => beat.run(client, input));
      this.counted = Math.max(1, Number(String(reply)) || 1);
    } catch {
      // Replicas cannot be counted now; those that were there before are assumed to be there still.
    }
    if (this.isRunning) this.timer = clock.after(BEAT_MS, () => void this.beat());
  }

  private get key(): string {
    return this.parts.names.of('members', this.parts.region ?? '');
  }
}
