/** Shares through Redis what each replica has counted in the last minute. */
import { RedisScript } from '../redis/redis-script.js';
import type { SealedStoreParts } from '../redis/sealed-store.js';
import { openText, sealText } from '../redis/sealed-text.js';
import { SharedCounts } from './caller-activity.js';
import { type CountsByCaller, LONGEST_COUNTS, readCounts, writeCounts } from './caller-counts.js';

const LABEL = 'caller counts/1';

/** The counts and their seal, in bytes. */
const LONGEST_VALUE = LONGEST_COUNTS + 512;

/** A replica that has written nothing for so long has stopped, in milliseconds. */
const LIFE_MS = 60_000;

/** KEYS counts. Answers with each of them; nothing where there is none that can be one. */
const readScript = new RedisScript(`
local reply = {}
for i, key in ipairs(KEYS) do
  local is_sound = redis.call('TYPE', key).ok == 'string' and redis.call('STRLEN', key) <= ${LONGEST_VALUE}
  reply[i] = is_sound and redis.call('GET', key) or ''
end
return reply
`);

/** One sealed text for each replica, which ends a minute after it was last written. */
export class RedisSharedCounts extends SharedCounts {
  constructor(private readonly parts: SealedStoreParts) {
    super();
  }

  override async write(replica: string, counts: CountsByCaller): Promise<void> {
    const text = sealText(this.parts.mac, LABEL, [replica], writeCounts(counts));
    await this.parts.link.run('hygiene', (client) => client.set(this.keyOf(replica), text, 'PX', LIFE_MS));
  }

  override async read(replicas: readonly string[]): Promise<readonly (CountsByCaller | undefined)[]> {
    const input = { keys: replicas.map((each) => this.keyOf(each)), args: [] };
    const reply = await this.parts.link.run('hygiene', (client) => readScript.run(client, input));
    return replicas.map((replica, i) => this.open(replica, (reply as readonly Buffer[])[i] ?? Buffer.alloc(0)));
  }

  private keyOf(replica: string): string {
    return this.parts.names.in('asked', replica);
  }

  private open(replica: string, sealed: Buffer): CountsByCaller | undefined {
    if (sealed.length === 0) return undefined;
    const opened = openText(this.parts.mac, LABEL, [replica], sealed);
    const counts = typeof opened === 'string' ? undefined : readCounts(opened.sealed.subarray(opened.start));
    if (!counts) this.parts.onRefused(typeof opened === 'string' ? opened : 'malformed');
    return counts;
  }
}
