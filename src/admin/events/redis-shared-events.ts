/** Keeps the latest events of all replicas in Redis, sealed: nobody who can write there can make up what an operator did. */
import type { RecordMac, RecordRefusal } from '../../redis/record-mac.js';
import type { RedisLink } from '../../redis/redis-link.js';
import type { RedisNames } from '../../redis/redis-names.js';
import { RedisScript } from '../../redis/redis-script.js';
import { openText, sealText } from '../../redis/sealed-text.js';
import { type FleetEvent, LONGEST_EVENT, readEvent, writeEvent } from './fleet-event.js';
import { MOST_SHARED, type ReadEvents, SharedEvents } from './shared-events.js';

const LABEL = 'fleet event/1';

/** An event and its seal, in bytes. */
const LONGEST_VALUE = LONGEST_EVENT + 512;

/** Where nothing happens for so long, what happened before is forgotten, in milliseconds. */
const LIFE_MS = 90 * 24 * 3_600_000;

/** Most surplus events that one write removes: somebody else may have filled the list. */
const MOST_REMOVED = 1_000;

/** KEYS events, since. ARGV one value for each event. The score is when it was written: the times of events are those of their replicas. */
const addScript = new RedisScript(`
local events, since = KEYS[1], KEYS[2]
if redis.call('TYPE', events).ok ~= 'zset' then redis.call('UNLINK', events) end
local t = redis.call('TIME')
local now = string.format('%.17g', tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000))
if redis.call('ZCARD', events) == 0 then redis.call('SET', since, now) end
for _, event in ipairs(ARGV) do redis.call('ZADD', events, now, event) end
local old = redis.call('ZREVRANGE', events, ${MOST_SHARED}, ${MOST_SHARED + MOST_REMOVED})
for _, event in ipairs(old) do redis.call('ZREM', events, event) end
if #old > 0 then
  local oldest = redis.call('ZREVRANGE', events, ${MOST_SHARED - 1}, ${MOST_SHARED - 1}, 'WITHSCORES')
  redis.call('SET', since, oldest[2])
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${LIFE_MS}) end
return #ARGV
`);

/** KEYS events, since. Answers with since, then with each event. */
const readScript = new RedisScript(`
local events, since = KEYS[1], KEYS[2]
if redis.call('TYPE', events).ok ~= 'zset' then return { '' } end
local is_time = redis.call('TYPE', since).ok == 'string' and redis.call('STRLEN', since) <= 32
local reply = { is_time and redis.call('GET', since) or '' }
for _, event in ipairs(redis.call('ZREVRANGE', events, 0, ${MOST_SHARED - 1})) do
  if #event <= ${LONGEST_VALUE} then reply[#reply + 1] = event end
end
return reply
`);

/** What {@link RedisSharedEvents} works with. */
export interface RedisSharedEventsParts {
  readonly link: RedisLink;
  readonly names: RedisNames;
  readonly mac: RecordMac;
  /** Called for each event that is not believed. */
  readonly onRefused: (reason: RecordRefusal) => void;
}

/** One list for all replicas. Each call is one command. */
export class RedisSharedEvents extends SharedEvents {
  private readonly keys: readonly [string, string];

  constructor(private readonly parts: RedisSharedEventsParts) {
    super();
    this.keys = [parts.names.in('events', 'latest'), parts.names.in('events', 'since')];
  }

  override async add(events: readonly FleetEvent[]): Promise<void> {
    const { mac, link } = this.parts;
    const args = events.map((event) => sealText(mac, LABEL, [], writeEvent(event)));
    await link.run('events', (client) => addScript.run(client, { keys: this.keys, args }));
  }

  override async read(): Promise<ReadEvents> {
    const input = { keys: this.keys, args: [] };
    const reply = await this.parts.link.run('events', (client) => readScript.run(client, input));
    const [since, ...sealed] = reply as readonly Buffer[];
    const sinceMs = Number.parseInt(String(since), 10);
    return {
      events: sealed.flatMap((each) => this.open(each) ?? []),
      sinceMs: sinceMs >= 0 && sinceMs <= 1e13 ? sinceMs : undefined,
    };
  }

  private open(sealed: Buffer): FleetEvent | undefined {
    const opened = openText(this.parts.mac, LABEL, [], sealed);
    if (typeof opened !== 'string') return readEvent(sealed.subarray(opened.start));
    this.parts.onRefused(opened);
    return undefined;
  }
}
