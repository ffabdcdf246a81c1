import { RedisUnavailable, type RedisLink } from '../../redis/redis-link.js';
import type { RedisScript, ScriptInput } from '../../redis/redis-script.js';
import type { KeyRecord } from '../record/key-record.js';
import {
  KeyStore,
  type AcquireRequest,
  type AcquireVerdict,
  type CommitRequest,
  type CommitVerdict,
  type FailRequest,
  type LoadedRecord,
} from './key-store.js';
import { longestBackoffMs } from '../key-timing.js';
import type { RecordMac, RecordRefusal } from '../../redis/record-mac.js';
import type { RedisNames } from '../../redis/redis-names.js';
import { acquireFetch, acquirePush } from './redis-acquire-script.js';
import { commitChannel, redisKeyNames, type RedisKeyNames } from './redis-key-names.js';
import { commitRecord, failFetch, LARGEST_RECORD_BYTES, loadRecord, readTime } from './redis-record-scripts.js';
import { storedHint } from './source-name.js';
import { openRecord, sealRecord } from '../record/sealed-record.js';

/** More than everything of a record but its document. */
const SEAL_BYTES = 1_024;

/** What a {@link RedisKeyStore} works with. */
export interface RedisKeyStoreParts {
  /** Where everything is decided. */
  readonly primary: RedisLink;
  /** A read replica that is nearer, where there is one. */
  readonly reader?: RedisLink;
  readonly mac: RecordMac;
  readonly names: RedisNames;
  /** Called when the record of `source` is not believed, once for as long as that lasts. */
  readonly onRefused: (source: string, reason: RecordRefusal) => void;
  /** Called after each commit, with a hint for other replicas and the one that it replaces. */
  readonly announce?: (hint: string, instead: string) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Replaces the time of Redis; for tests alone. Milliseconds. */
  readonly nowMs?: () => number;
}

/** A record that must not be believed. Its fence is what a better one has to replace; 0 where it has none. */
interface Refused {
  readonly reason: RecordRefusal;
  readonly fence: number;
}

/**
 * The record that others keep cannot be believed here, and their fetches are what a fetch would have to wait for: for this
 * source, this replica decides alone, by a budget of its own.
 */
export class RecordRefused extends RedisUnavailable {
  constructor() {
    super('acquire');
  }
}

/**
 * The store that replicas share. Each operation is one script, so nothing can come between its steps, and time is that of
 * Redis. Redis keeps what is known, it does not vouch for it: a record counts only under its seal, and one that does not
 * count is as good as absent, until the next fetch replaces it.
 */
export class RedisKeyStore extends KeyStore {
  private readonly refused = new Map<string, Refused>();
  /** Why the record of a source was last refused, until one is believed again: one alarm for a state that lasts. */
  private readonly alarmed = new Map<string, RecordRefusal>();

  /** Every operation throws {@link RedisUnavailable} where Redis does not do its part. */
  constructor(private readonly parts: RedisKeyStoreParts) {
    super();
  }

  override async timeMs(source: string): Promise<number> {
    const input = { keys: [this.namesOf(source).record], args: [this.time] };
    return Number(textOf(await this.run('time', readTime, input)));
  }

  override async load(source: string, leastFence = 0): Promise<LoadedRecord | undefined> {
    const { primary, reader } = this.parts;
    if (!reader) return this.loadFrom(primary, source);
    const near = await this.loadFrom(reader, source);
    return (near?.record.fence ?? 0) >= leastFence ? near : this.loadFrom(primary, source);
  }

  override async acquire(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const verdict = await this.proven(source, request);
    const waitsForOthers = verdict.verdict === 'BUSY' || verdict.verdict === 'LIMITED';
    // What others fetch cannot be read here: waiting for them would be waiting for nothing. Waiting for the issuer is not.
    if (waitsForOthers && this.refused.has(source)) throw new RecordRefused();
    return verdict;
  }

  /** Redis cannot tell a record from a forgery of it. One that would stop us from fetching has to prove itself first. */
  private async proven(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const verdict = await this.ask(source, request);
    if (verdict.verdict !== 'NEWER' && verdict.verdict !== 'OLDER') return verdict;
    const isGenuine = (await this.loadFrom(this.parts.primary, source)) !== undefined;
    return isGenuine ? verdict : this.ask(source, request);
  }

  override async commit(source: string, { fence, baseFence, draft, hardTtlMs }: CommitRequest): Promise<CommitVerdict> {
    const sealed = sealRecord(this.parts.mac, source, fence, draft);
    if (sealed.document.length + SEAL_BYTES > LARGEST_RECORD_BYTES) {
      this.refuse(source, { reason: 'too_large', fence });
      throw new RedisUnavailable('commit');
    }
    const { name, record, budget } = this.namesOf(source);
    const { validatedAtMs, document, keyId, code } = sealed;
    const evidence = [validatedAtMs, Buffer.from(document), keyId, code];
    const hint = [commitChannel(this.parts.names), storedHint(name, fence)];
    const args = [this.time, sealed.fence, baseFence, hardTtlMs, ...evidence, ...hint];
    const reply = await this.run('commit', commitRecord, { keys: [record, budget], args });
    const verdict = textOf(reply) as CommitVerdict;
    if (verdict === 'OK') {
      this.refused.delete(source);
      this.parts.announce?.(storedHint(name, fence), storedHint(name, baseFence));
    }
    return verdict;
  }

  override async fail(source: string, request: FailRequest): Promise<number> {
    const { fence, timing, retryAfterMs = 0, isAbandoned = false } = request;
    const { random = Math.random } = this.parts;
    const backoff = [random(), timing.backoffBaseMs, timing.backoffCapMs, retryAfterMs];
    const args = [this.time, fence, ...backoff, longestBackoffMs(timing), isAbandoned ? 'abandoned' : ''];
    const reply = await this.run('fail', failFetch, { keys: [this.namesOf(source).budget], args });
    return Number(textOf(reply));
  }

  private async ask(source: string, request: AcquireRequest): Promise<AcquireVerdict> {
    const { record, budget } = this.namesOf(source);
    const keys = [record, budget];
    const refusedFence = this.refused.get(source)?.fence ?? 0;
    if (request.kind === 'push') {
      // Somebody else believes in what we refuse, and would write it again: only a fetch that is due replaces it.
      if (refusedFence > 0) return { verdict: 'OLDER' };
      const args = [this.time, request.validatedAtMs, refusedFence];
      return verdictOf(await this.run('acquire', acquirePush, { keys, args }));
    }
    const { kind, knownFence, dueAfterMs, timing } = request;
    const unknownKeys = [timing.missBurst, timing.missCooldownMs];
    const failures = [longestBackoffMs(timing), timing.missAfterFailureMs];
    const about = [this.time, kind, knownFence, refusedFence, dueAfterMs];
    const args = [...about, timing.minSpacingMs, ...unknownKeys, ...failures];
    return verdictOf(await this.run('acquire', acquireFetch, { keys, args }));
  }

  private async loadFrom(link: RedisLink, source: string): Promise<LoadedRecord | undefined> {
    const input = { keys: [this.namesOf(source).record], args: [this.time] };
    const reply = (await link.run('load', (client) => loadRecord.run(client, input))) as readonly Buffer[];
    const [storeNowMs, problem, fence] = reply.slice(0, 3).map(textOf);
    if (problem === 'absent') {
      this.refused.delete(source);
      return undefined;
    }
    const record = problem === '' ? this.open(source, reply.slice(3)) : (problem as RecordRefusal);
    if (typeof record === 'string') {
      this.refuse(source, { reason: record, fence: Number(fence) });
      return undefined;
    }
    this.refused.delete(source);
    this.alarmed.delete(source);
    return { record, storeNowMs: Number(storeNowMs) };
  }

  private open(source: string, fields: readonly Buffer[]): KeyRecord | RecordRefusal {
    const [fence, validatedAtMs, document = Buffer.alloc(0), keyId, code] = fields;
    return openRecord(this.parts.mac, source, {
      fence: textOf(fence),
      validatedAtMs: textOf(validatedAtMs),
      document,
      keyId: textOf(keyId),
      code: textOf(code),
    });
  }

  /** Remembers a record that must not be believed, and raises the alarm, once for a state that lasts. */
  private refuse(source: string, refused: Refused): void {
    const { reason } = refused;
    this.refused.set(source, refused);
    if (this.alarmed.get(source) === reason) return;
    this.alarmed.set(source, reason);
    this.parts.onRefused(source, reason);
  }

  private run(operation: string, script: RedisScript, input: ScriptInput): Promise<unknown> {
    return this.parts.primary.run(operation, (client) => script.run(client, input));
  }

  private namesOf(source: string): RedisKeyNames {
    return redisKeyNames(this.parts.names, source);
  }

  /** Empty: Redis takes its own. */
  private get time(): number | '' {
    return this.parts.nowMs?.() ?? '';
  }
}

function verdictOf(reply: unknown): AcquireVerdict {
  const [verdict, first, second, third] = (reply as readonly Buffer[]).map(textOf);
  switch (verdict) {
    case 'GRANT':
      return { verdict, fence: Number(first), baseFence: Number(second), atMs: Number(third) };
    case 'NEWER':
      return { verdict, fence: Number(first) };
    case 'OLDER':
      return { verdict };
    default:
      return { verdict: verdict as 'BUSY', retryInMs: Number(first) };
  }
}

/** Whatever is no valid UTF-8 becomes something that no seal was made for. */
function textOf(reply: unknown): string {
  return Buffer.isBuffer(reply) ? reply.toString() : '';
}
