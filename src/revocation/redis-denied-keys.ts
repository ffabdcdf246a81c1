import type { KeyEvents } from '../keys/events/key-events.js';
import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import { RedisUnavailable, type RedisLink } from '../redis/redis-link.js';
import type { RedisScript } from '../redis/redis-script.js';
import type { Host } from '../telemetry/host.js';
import { DeniedKeys } from './denied-keys.js';
import { isOver, subjectOf, supersedes, type KeyDecision } from './key-decision.js';
import { dropDecision, keepDecision, listDecisions } from './redis-denial-scripts.js';
import { openDecision, sealDecision } from './sealed-decision.js';

/** One hash for all issuers, so that one question brings everything. Its subjects are "issuer thumbprint". */
export const DENIED_KEYS = 'assay:{keys}:deny';

/** How long an ended decision stays: a replica whose clock is ahead must not end it for all. */
const KEPT_AFTER_END_MS = 24 * 3_600 * 1_000;

/** How often a decision is written again when another replica was faster. */
const ATTEMPTS = 4;

/** What {@link RedisDeniedKeys} works with. */
export interface RedisDeniedKeysParts extends Pick<Host, 'clock'> {
  readonly link: RedisLink;
  readonly mac: RecordMac;
  /** Receives a report of each decision that is not believed. */
  readonly events: KeyEvents;
}

/** What is stored about one subject. */
interface Stored {
  readonly sealed: Buffer;
  readonly opened: KeyDecision | RecordRefusal;
}

/**
 * Decisions that all replicas share. Redis keeps them, it does not vouch for them: one without a genuine seal is as good
 * as absent, and raises an alarm. Every operation throws {@link RedisUnavailable} where Redis does not do its part.
 */
export class RedisDeniedKeys extends DeniedKeys {
  /** What was refused at the latest reading, so that each forgery is reported once. */
  private refused: ReadonlySet<string> = new Set();

  constructor(private readonly parts: RedisDeniedKeysParts) {
    super();
  }

  override async list(): Promise<readonly KeyDecision[]> {
    const nowMs = this.parts.clock.wallMs();
    const kept: KeyDecision[] = [];
    for (const [subject, { sealed, opened }] of await this.read()) {
      if (typeof opened === 'string') continue;
      if (!isOver(opened, nowMs)) kept.push(opened);
      else if (isOver(opened, nowMs - KEPT_AFTER_END_MS)) await this.run('deny', dropDecision, [subject, sealed]);
    }
    return kept;
  }

  override async record(decision: KeyDecision): Promise<boolean> {
    const subject = subjectOf(decision);
    const { untilMs } = decision;
    const sealed = sealDecision(this.parts.mac, decision);
    const leftMs = untilMs === undefined ? '' : untilMs - this.parts.clock.wallMs() + KEPT_AFTER_END_MS;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const there = (await this.read()).get(subject);
      const isBelieved = there !== undefined && typeof there.opened !== 'string';
      if (isBelieved && !supersedes(decision, there.opened)) return false;
      const expected = there?.sealed ?? '';
      const reply = await this.run('deny', keepDecision, [subject, expected, sealed, leftMs]);
      if (reply === 'OK') return true;
      if (reply === 'FULL') break;
    }
    throw new RedisUnavailable('deny');
  }

  private async read(): Promise<ReadonlyMap<string, Stored>> {
    const reply = (await this.parts.link.run('denied', (client) =>
      listDecisions.run(client, { keys: [DENIED_KEYS], args: [] }),
    )) as readonly Buffer[];
    const problem = String(reply[0]) as RecordRefusal | '';
    const stored = new Map<string, Stored>();
    for (let i = 1; i + 1 < reply.length; i += 2) {
      const subject = String(reply[i]);
      const sealed = reply[i + 1] ?? Buffer.alloc(0);
      stored.set(subject, { sealed, opened: this.open(subject, sealed) });
    }
    this.raiseAlarms(problem, stored);
    // Nothing can be read of what is kept: a replica that knows decisions goes on with those.
    if (problem === 'too_large') throw new RedisUnavailable('denied');
    return stored;
  }

  private open(subject: string, sealed: Buffer): KeyDecision | RecordRefusal {
    return sealed.length === 0 ? 'too_large' : openDecision(this.parts.mac, subject, sealed);
  }

  private raiseAlarms(problem: RecordRefusal | '', stored: ReadonlyMap<string, Stored>): void {
    const refused = new Set<string>(problem === '' ? [] : [` ${problem}`]);
    for (const [subject, { opened }] of stored) if (typeof opened === 'string') refused.add(`${subject} ${opened}`);
    for (const each of refused) if (!this.refused.has(each)) this.raiseAlarm(each);
    this.refused = refused;
  }

  /** @param refused subject and reason; the subject may be any text */
  private raiseAlarm(refused: string): void {
    const words = refused.split(' ');
    const issuerId = /^(caller:)?[\w.-]{1,63}$/.test(words[0] ?? '') ? words[0] : undefined;
    const reason = words.at(-1) as RecordRefusal;
    this.parts.events.report({ event: 'record_refused', issuerId: issuerId ?? 'unregistered', reason });
  }

  private async run(operation: string, script: RedisScript, args: readonly (string | number | Buffer)[]) {
    const reply = await this.parts.link.run(operation, (client) => script.run(client, { keys: [DENIED_KEYS], args }));
    return String(reply);
  }
}
