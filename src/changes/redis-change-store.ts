/** Keeps the list of changes in Redis. */
import type { RedisLink } from '../redis/redis-link.js';
import type { RedisNames } from '../redis/redis-names.js';
import { RedisScript, scriptPrelude } from '../redis/redis-script.js';
import {
  arrivalOutcomes,
  LONGEST_MEMORY_MS,
  MINUTE_MS,
  MOST_ARRIVALS,
  type Arrival,
  type ArrivalOutcome,
} from './arrival.js';
import {
  changeKinds,
  ChangeStore,
  HINT_LIFE_MS,
  LONGEST_ENTRY,
  PAGE_ENTRIES,
  type ChangeKind,
  type ChangePage,
  type ChangeReading,
  type NewChange,
  type StoredChange,
} from './change-store.js';

const SPACE = 0x20;
const ZERO = 0x30;

/** How far a place may be ahead of the clock that it is made from, in milliseconds. */
const LEAD_MS = 24 * 60 * 60 * 1_000;

/**
 * Places are microseconds of Redis' clock, and at least one more than the place before: they grow also where a failover or a
 * flush has taken the latest ones. A number that no script of ours can have written counts as none.
 */
const prelude = `${scriptPrelude}
local function micros(injected)
  if injected ~= '' then return tonumber(injected) * 1000 end
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end

local function last_place(key, latest)
  if redis.call('TYPE', key).ok ~= 'string' or redis.call('STRLEN', key) > 32 then return 0 end
  local n = tonumber(redis.call('GET', key))
  if n and n >= 0 and n <= latest then return n end
  return 0
end

local function kind_of(key) return redis.call('TYPE', key).ok end
`;

/**
 * KEYS last, then one list for each kind. ARGV time or '', then one place for each. Writes nothing, so that a read replica can
 * answer it. Answers with the last place, then for each kind how many entries there are in all, whether more follow than those that it
 * brings, the places and lengths of these in turn, and all of them as one string: a thousand small replies would cost more than what is
 * done with them. An entry that is too long comes as nothing. What stands behind the last place was not appended by us.
 */
const readScript = new RedisScript(`${prelude}
local last = digits(last_place(KEYS[1], micros(ARGV[1]) + ${LEAD_MS * 1_000}))
local reply = {last}
for i = 2, #KEYS do
  local found, total = {}, 0
  if kind_of(KEYS[i]) == 'zset' then
    total = redis.call('ZCARD', KEYS[i])
    found = redis.call('ZRANGEBYSCORE', KEYS[i], '(' .. ARGV[i], last, 'WITHSCORES', 'LIMIT', 0, ${PAGE_ENTRIES + 1})
  end
  local sizes, entries, count = {}, {}, math.min(#found / 2, ${PAGE_ENTRIES})
  for j = 1, count do
    local entry = found[2 * j - 1]
    if #entry > ${LONGEST_ENTRY} then entry = '' end
    entries[j] = entry
    sizes[2 * j - 1] = digits(tonumber(found[2 * j]))
    sizes[2 * j] = #entry
  end
  sizes[2 * count + 1] = ''
  reply[#reply + 1] = tostring(total)
  reply[#reply + 1] = #found / 2 > count and 'more' or ''
  reply[#reply + 1] = table.concat(sizes, ' ')
  reply[#reply + 1] = table.concat(entries)
end
return reply
`);

/** KEYS last, list. ARGV time or '', entry, how long entries live in milliseconds or '', entries that it replaces. */
const appendScript = new RedisScript(`${prelude}
local now = micros(ARGV[1])
if kind_of(KEYS[2]) ~= 'zset' then redis.call('UNLINK', KEYS[2]) end
if kind_of(KEYS[1]) ~= 'string' then redis.call('UNLINK', KEYS[1]) end
for i = 4, #ARGV do redis.call('ZREM', KEYS[2], ARGV[i]) end
local place = math.max(last_place(KEYS[1], now + ${LEAD_MS * 1_000}) + 1, now)
redis.call('ZADD', KEYS[2], digits(place), ARGV[2])
redis.call('SET', KEYS[1], digits(place))
if ARGV[3] ~= '' then redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', digits(now - tonumber(ARGV[3]) * 1000)) end
return digits(place)
`);

/**
 * KEYS last, list, the ids of a source that have arrived, what that source has done in this minute. ARGV time or '', digest of the id, until
 * when it is remembered, most effects in a minute, entries. One step: an id is never remembered without its effect, nor the other way round.
 */
const admitScript = new RedisScript(`${prelude}
local now = micros(ARGV[1])
local ms = math.floor(now / 1000)
if kind_of(KEYS[3]) ~= 'zset' then redis.call('UNLINK', KEYS[3]) end
if kind_of(KEYS[4]) ~= 'hash' then redis.call('UNLINK', KEYS[4]) end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', digits(ms))
local ends = math.min(tonumber(ARGV[3]), ms + ${LONGEST_MEMORY_MS})
if redis.call('ZADD', KEYS[3], 'NX', digits(ends), ARGV[2]) == 0 then return 'repeated' end
if #ARGV > 4 then
  local minute = math.floor(ms / ${MINUTE_MS})
  local done = number(KEYS[4], 'minute') == minute and number(KEYS[4], 'effects') or 0
  if done >= tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[3], ARGV[2])
    return 'limited'
  end
  redis.call('HSET', KEYS[4], 'minute', digits(minute), 'effects', digits(done + 1))
  redis.call('PEXPIRE', KEYS[4], ${2 * MINUTE_MS})
  if kind_of(KEYS[2]) ~= 'zset' then redis.call('UNLINK', KEYS[2]) end
  if kind_of(KEYS[1]) ~= 'string' then redis.call('UNLINK', KEYS[1]) end
  local place = last_place(KEYS[1], now + ${LEAD_MS * 1_000})
  for i = 5, #ARGV do
    place = math.max(place + 1, now)
    redis.call('ZADD', KEYS[2], digits(place), ARGV[i])
  end
  redis.call('SET', KEYS[1], digits(place))
end
if redis.call('ZCARD', KEYS[3]) > ${MOST_ARRIVALS} then
  redis.call('ZREM', KEYS[3], unpack(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', '+inf', 'LIMIT', 0, 1)))
end
redis.call('PEXPIRE', KEYS[3], ${LONGEST_MEMORY_MS})
return 'first'
`);

/** What {@link RedisChangeStore} works with. */
export interface RedisChangeStoreParts {
  /** Where entries are appended. */
  readonly primary: RedisLink;
  /** A read replica that is nearer. */
  readonly reader?: RedisLink | undefined;
  readonly names: RedisNames;
  /** Replaces the time of Redis; for tests alone. Milliseconds. */
  readonly nowMs?: () => number;
}

/** The list of changes in Redis: a sorted set for each kind, and the last place that was given. */
export class RedisChangeStore extends ChangeStore {
  override readonly mayBeBehind: boolean;
  private readonly last: string;
  private readonly lists: readonly string[];

  constructor(private readonly parts: RedisChangeStoreParts) {
    super();
    this.mayBeBehind = parts.reader !== undefined;
    this.last = parts.names.in('log', 'last');
    this.lists = changeKinds.map((kind) => this.list(kind));
  }

  override async read(
    after: Readonly<Record<ChangeKind, number>>,
    from: 'near' | 'primary' = 'near',
  ): Promise<ChangeReading> {
    const { primary } = this.parts;
    const reader = from === 'primary' ? primary : this.parts.reader;
    const places = changeKinds.map((kind) => after[kind]);
    const input = { keys: [this.last, ...this.lists], args: [this.time, ...places] };
    const reply = await (reader ?? primary).run('changes', (client) => readScript.run(client, input));
    return readingOf(reply as readonly Buffer[]);
  }

  override async append({ kind, sealed, instead }: NewChange): Promise<number> {
    const life = kind === 'keys' ? HINT_LIFE_MS : '';
    const others = instead.filter((other) => other !== sealed);
    const input = { keys: [this.last, this.list(kind)], args: [this.time, sealed, life, ...others] };
    const reply = await this.parts.primary.run('append', (client) => appendScript.run(client, input));
    return Number(String(reply));
  }

  override async admit(
    { source, digest, untilMs, mostPerMinute }: Arrival,
    sealed: readonly string[],
  ): Promise<ArrivalOutcome> {
    const { names, primary } = this.parts;
    const ofSource = [names.in('log', `seen:${source}`), names.in('log', `rate:${source}`)];
    const keys = [this.last, this.list('revocations'), ...ofSource];
    const input = { keys, args: [this.time, digest, Math.ceil(untilMs), mostPerMinute, ...sealed] };
    const reply = String(await primary.run('admit', (client) => admitScript.run(client, input)));
    const outcome = arrivalOutcomes.find((each) => each === reply);
    if (!outcome) throw new TypeError('a script of ours has answered with a word that it does not have');
    return outcome;
  }

  override async remove(kind: ChangeKind, sealed: readonly Buffer[]): Promise<void> {
    if (sealed.length === 0) return;
    await this.parts.primary.run('append', (client) => client.zrem(this.list(kind), ...sealed));
  }

  private list(kind: ChangeKind): string {
    return this.parts.names.in('log', kind);
  }

  /** Empty: Redis takes its own. */
  private get time(): number | '' {
    return this.parts.nowMs?.() ?? '';
  }
}

function readingOf([last, ...lists]: readonly Buffer[]): ChangeReading {
  const page = (index: number): ChangePage => {
    const [total, more, sizes, entries] = lists.slice(4 * index);
    if (!sizes || !entries) throw new TypeError('a script of ours has left something out');
    return { entries: entriesOf(sizes, entries), isMore: String(more) === 'more', total: Number(String(total)) };
  };
  const pages = changeKinds.map((kind, index) => [kind, page(index)]);
  return { last: Number(String(last)), pages: Object.fromEntries(pages) as Record<ChangeKind, ChangePage> };
}

/** @param sizes place and length of each entry, with a space behind each number */
function entriesOf(sizes: Buffer, all: Buffer): readonly StoredChange[] {
  const entries: StoredChange[] = [];
  let [number, position, at] = [0, 0, 0];
  let isPlace = true;
  for (const byte of sizes) {
    if (byte !== SPACE) {
      number = 10 * number + byte - ZERO;
      continue;
    }
    if (isPlace) position = number;
    else entries.push({ position, sealed: all.subarray(at, (at += number)) });
    isPlace = !isPlace;
    number = 0;
  }
  return entries;
}
