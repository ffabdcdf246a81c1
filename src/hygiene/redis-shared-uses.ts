/** Keeps in Redis when issuers, keys, callers and rights were last used, so that it outlives every replica. */
import { createHash } from 'node:crypto';
import { RedisScript } from '../redis/redis-script.js';
import type { SealedStoreParts } from '../redis/sealed-store.js';
import { openText, sealText } from '../redis/sealed-text.js';
import { pausesBy } from '../shared/pause.js';
import type { Clock } from '../shared/clock.js';
import { nameOf, SharedUses, type StoredUse, type Subject } from './shared-uses.js';
import { LONGEST_RECORD, readUses, type UseRecord, writeUses } from './use-record.js';

const LABEL = 'use record/1';

/** A record and its seal, in bytes. */
const LONGEST_VALUE = LONGEST_RECORD + 512;

/** What no replica reads any more is forgotten after this long: what was removed from the configuration. In milliseconds. */
const LIFE_MS = 400 * 24 * 3_600_000;

/** KEYS records. Answers with each of them; nothing where there is none, and one character where it cannot be one. */
const readScript = new RedisScript(`
local reply = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then reply[i] = ''
  elseif kind ~= 'string' or redis.call('STRLEN', key) > ${LONGEST_VALUE} then reply[i] = '?'
  else
    reply[i] = redis.call('GET', key)
    redis.call('PEXPIRE', key, ${LIFE_MS})
  end
end
return reply
`);

/** KEYS records. ARGV one value for each. */
const writeScript = new RedisScript(`
for i, key in ipairs(KEYS) do redis.call('SET', key, ARGV[i], 'PX', ${LIFE_MS}) end
return #KEYS
`);

/** What {@link RedisSharedUses} works with. */
export interface RedisSharedUsesParts extends SealedStoreParts {
  readonly clock: Clock;
}

/**
 * One sealed record for each issuer and each caller. Each call is one command, however many records it is about. Who can write to
 * Redis and has no record key can make a figure be missed, and begin anew; no verdict depends on any.
 */
export class RedisSharedUses extends SharedUses {
  constructor(private readonly parts: RedisSharedUsesParts) {
    super();
  }

  override async read(subjects: readonly Subject[]): Promise<readonly (StoredUse | undefined)[]> {
    const input = { keys: subjects.map((each) => this.keyOf(each)), args: [] };
    const reply = (await this.parts.link.run('hygiene', (client) =>
      readScript.run(client, input),
    )) as readonly Buffer[];
    const pause = pausesBy(this.parts.clock);
    const records: (StoredUse | undefined)[] = [];
    for (const [i, subject] of subjects.entries()) {
      await pause();
      records.push(this.open(subject, reply[i] ?? Buffer.alloc(0)));
    }
    return records;
  }

  override async write(records: readonly (readonly [Subject, UseRecord])[]): Promise<void> {
    const keys = records.map(([subject]) => this.keyOf(subject));
    const args = records.map(([subject, record]) =>
      sealText(this.parts.mac, LABEL, [nameOf(subject)], writeUses(record)),
    );
    await this.parts.link.run('hygiene', (client) => writeScript.run(client, { keys, args }));
  }

  /** All in one slot of a cluster, where one script can read them. */
  private keyOf(subject: Subject): string {
    return this.parts.names.in('hygiene', createHash('sha256').update(nameOf(subject)).digest('hex').slice(0, 32));
  }

  private open(subject: Subject, sealed: Buffer): StoredUse | undefined {
    if (sealed.length === 0) return undefined;
    const opened = openText(this.parts.mac, LABEL, [nameOf(subject)], sealed);
    if (typeof opened === 'string') {
      this.parts.onRefused(opened);
      return undefined;
    }
    const record = readUses(opened.sealed.subarray(opened.start));
    if (!record) this.parts.onRefused('malformed');
    return record && { record, isSealedByOlderKey: opened.isSealedByOlderKey };
  }
}
