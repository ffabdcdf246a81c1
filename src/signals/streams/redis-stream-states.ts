/** Shares the states of streams of security events through Redis. */
import { RedisScript, scriptPrelude } from '../../redis/redis-script.js';
import type { SealedStoreParts } from '../../redis/sealed-store.js';
import { openText, sealText } from '../../redis/sealed-text.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import { readStrictJson } from '../../shared/strict-json.js';
import { streamStatuses } from '../events/event-decision.js';
import { StreamStates, type StreamState } from './stream-states.js';

const LABEL = 'signal stream/1';

/** Longest sealed value, in bytes; none of ours is half as long. */
const LONGEST_VALUE = 1_024;

/** What nobody writes any more is forgotten after this long: a stream that was removed from the configuration. In milliseconds. */
const LIFE_MS = 30 * 24 * 60 * 60 * 1_000;

/** No lease is longer; one that ends later was written by a clock that has been put back. In milliseconds. */
const LONGEST_LEASE_MS = 15 * 60_000;

/** KEYS lease. ARGV time or '', holder, lease. Answers with the fence, or nothing where somebody else holds it. */
const acquireScript = new RedisScript(`${scriptPrelude}
local lease, holder, length = KEYS[1], ARGV[2], tonumber(ARGV[3])
if redis.call('TYPE', lease).ok ~= 'hash' then redis.call('UNLINK', lease) end
local now = clock(ARGV[1])
local ends = number(lease, 'until') or 0
local is_held = ends > now and ends <= now + ${LONGEST_LEASE_MS}
local is_ours = redis.call('HGET', lease, 'holder') == holder
if is_held and not is_ours then return '' end
local fence = number(lease, 'fence') or 0
if not (is_held and is_ours) then fence = math.max(fence + 1, math.floor(now)) end
redis.call('HSET', lease, 'holder', holder, 'until', digits(now + length), 'fence', digits(fence))
redis.call('PEXPIRE', lease, ${LIFE_MS})
return digits(fence)
`);

/** KEYS lease. ARGV holder. */
const releaseScript = new RedisScript(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
return redis.call('HSET', KEYS[1], 'until', '0')
`);

/** KEYS lease, state. ARGV fence or '', fields and values in turn. What a holder says who is none any more is not kept. */
const updateScript = new RedisScript(`${scriptPrelude}
if ARGV[1] ~= '' and number(KEYS[1], 'fence') ~= tonumber(ARGV[1]) then return 0 end
if redis.call('TYPE', KEYS[2]).ok ~= 'hash' then redis.call('UNLINK', KEYS[2]) end
for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[2], ${LIFE_MS})
return 1
`);

/** What is known, and how it is read back. Forgetting one does not compile. */
const readers: { readonly [Field in keyof Required<StreamState>]: (value: JsonValue) => value is StreamValue<Field> } =
  {
    heardAtMs: isTime,
    polledAtMs: isTime,
    askedAtMs: isTime,
    askedState: isText,
    askAfterMs: isTime,
    minVerifyMs: isTime,
    verifiedAtMs: isTime,
    status: (value): value is StreamValue<'status'> => streamStatuses.some((each) => each === value),
    statusAtMs: isTime,
    heldBy: isText,
  };

type StreamValue<Field extends keyof StreamState> = JsonValue & Required<StreamState>[Field];

/** What {@link RedisStreamStates} works with. */
export interface RedisStreamStatesParts extends SealedStoreParts {
  /** Replaces the time of Redis; for tests alone. Milliseconds. */
  readonly nowMs?: () => number;
}

/** The states of all replicas, each value sealed: write access to Redis must not be the power to hold a stream. */
export class RedisStreamStates extends StreamStates {
  constructor(private readonly parts: RedisStreamStatesParts) {
    super();
  }

  override async acquire(stream: string, holder: string, leaseMs: number): Promise<number | undefined> {
    const input = { keys: [this.keysOf(stream)[0]], args: [this.parts.nowMs?.() ?? '', holder, leaseMs] };
    const reply = String(await this.parts.link.run('signals', (client) => acquireScript.run(client, input)));
    return reply === '' ? undefined : Number(reply);
  }

  override async release(stream: string, holder: string): Promise<void> {
    const input = { keys: [this.keysOf(stream)[0]], args: [holder] };
    await this.parts.link.run('signals', (client) => releaseScript.run(client, input));
  }

  override async update(stream: string, news: StreamState, fence?: number): Promise<void> {
    const words = Object.entries(news).flatMap(([field, value]) => [
      field,
      this.seal(stream, field, value as JsonValue),
    ]);
    const input = { keys: this.keysOf(stream), args: [fence ?? '', ...words] };
    await this.parts.link.run('signals', (client) => updateScript.run(client, input));
  }

  override async read(stream: string): Promise<StreamState> {
    const [, key] = this.keysOf(stream);
    const fields = Object.keys(readers) as (keyof StreamState)[];
    const values = await this.parts.link.run('signals', (client) => client.hmgetBuffer(key, ...fields));
    const known = fields.map((field, i) => [field, this.open(stream, field, values[i] ?? null)] as const);
    return Object.fromEntries(known.filter(([, value]) => value !== undefined));
  }

  private keysOf(stream: string): readonly [string, string] {
    const { names } = this.parts;
    return [names.in(`signal:${stream}`, 'lease'), names.in(`signal:${stream}`, 'state')];
  }

  private seal(stream: string, field: string, value: JsonValue): string {
    return sealText(this.parts.mac, LABEL, [stream, field], JSON.stringify({ value }));
  }

  private open(stream: string, field: keyof StreamState, sealed: Buffer | null): JsonValue | undefined {
    if (sealed === null) return undefined;
    const bounded = sealed.length > LONGEST_VALUE ? Buffer.alloc(0) : sealed;
    const opened = openText(this.parts.mac, LABEL, [stream, field], bounded);
    if (typeof opened === 'string') {
      this.parts.onRefused(opened);
      return undefined;
    }
    const value = parse(opened.text)?.['value'];
    if (value !== undefined && readers[field](value)) return value;
    this.parts.onRefused('malformed');
    return undefined;
  }
}

function parse(text: string): JsonObject | undefined {
  const value = readStrictJson(Buffer.from(text));
  return isJsonObject(value) ? value : undefined;
}

function isTime(value: JsonValue): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isText(value: JsonValue): value is string {
  return typeof value === 'string' && value.length <= 128;
}
