/** Keeps denials also where the version before reads them, while both versions run side by side. */
import type { RecordMac } from '../redis/record-mac.js';
import { RedisUnavailable, type RedisLink } from '../redis/redis-link.js';
import type { RedisScript } from '../redis/redis-script.js';
import type { Timer } from '../shared/clock.js';
import type { Host } from '../telemetry/host.js';
import type { DeniedKeys } from './denied-keys.js';
import { isOver, subjectOf, supersedes, type KeyDecision, type KeyName } from './key-decision.js';
import { keepDecision, listDecisions, readDecisionScript } from './redis-former-scripts.js';
import { openDecision, sealDecision } from './sealed-decision.js';

/** Where the version before keeps decisions: one hash for all issuers and environments, by "issuer thumbprint". */
export const FORMER_DENIED_KEYS = 'assay:{keys}:deny';

/** How long an ended decision stays: a replica whose clock is ahead must not end it for all. */
const KEPT_AFTER_END_MS = 24 * 3_600 * 1_000;

/** How late a decision that a replica of the version before has kept is taken over: within the published bound. */
const FORMER_POLL_MS = 4_000;

/** How often a decision is written again when another replica was faster. */
const ATTEMPTS = 4;

/** What {@link FormerDenials} works with. */
export interface FormerDenialsParts extends Pick<Host, 'clock'> {
  /** Where decisions are written. */
  readonly link: RedisLink;
  /** A read replica that is nearer. */
  readonly reader?: RedisLink | undefined;
  readonly mac: RecordMac;
  /** Where decisions are kept now. */
  readonly keys: DeniedKeys;
}

/**
 * Decisions where the version before keeps them, so that a denial holds at replicas of both versions while they run side by
 * side, and after going back. Goes with the release after this one. Nothing is reported of what cannot be believed there: it may
 * belong to another environment.
 */
export class FormerDenials {
  /** Whether everything there was read once. */
  isRead = false;
  private timer: Timer | undefined;
  private isRunning = false;

  constructor(private readonly parts: FormerDenialsParts) {}

  /** Keeps the two alike, now and again and again. Resolves after the first attempt, whatever came of it. */
  async start(): Promise<void> {
    this.isRunning = true;
    await this.poll();
  }

  stop(): void {
    this.isRunning = false;
    this.timer?.cancel();
  }

  /** Every decision there that has not ended. @throws {RedisUnavailable} */
  async list(): Promise<readonly KeyDecision[]> {
    const { link, reader: near = link } = this.parts;
    const found: KeyDecision[] = [];
    let cursor = '0';
    do {
      const input = { keys: [FORMER_DENIED_KEYS], args: [cursor] };
      const reply = (await near.run('denied', (client) => listDecisions.run(client, input))) as readonly Buffer[];
      for (let i = 1; i + 1 < reply.length; i += 2) {
        const opened = openDecision(this.parts.mac, String(reply[i]), reply[i + 1] ?? Buffer.alloc(0));
        if (typeof opened !== 'string' && !isOver(opened, this.parts.clock.wallMs())) found.push(opened);
      }
      cursor = String(reply[0]);
    } while (cursor !== '0');
    this.isRead = true;
    return found;
  }

  /** Keeps a decision there as well, unless one holds in its place. @throws {RedisUnavailable} */
  async record(decision: KeyDecision): Promise<void> {
    const subject = subjectOf(decision);
    const { untilMs } = decision;
    const sealed = sealDecision(this.parts.mac, decision);
    const leftMs = untilMs === undefined ? '' : untilMs - this.parts.clock.wallMs() + KEPT_AFTER_END_MS;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const there = (await this.run('denied', readDecisionScript, [subject])) as Buffer;
      const opened = openDecision(this.parts.mac, subject, there);
      if (typeof opened !== 'string' && !supersedes(decision, opened)) return;
      if (String(await this.run('deny', keepDecision, [subject, there, sealed, leftMs])) === 'OK') return;
    }
    throw new RedisUnavailable('deny');
  }

  /** Takes over what was decided there about one key. @throws {RedisUnavailable} */
  async takeOverOne(key: KeyName): Promise<void> {
    const { keys, mac, clock } = this.parts;
    const subject = subjectOf(key);
    const there = (await this.run('denied', readDecisionScript, [subject])) as Buffer;
    const opened = openDecision(mac, subject, there);
    if (typeof opened === 'string' || isOver(opened, clock.wallMs())) return;
    if (supersedes(opened, bySubject(keys.list()).get(subject))) await keys.record(opened);
  }

  private async poll(): Promise<void> {
    await this.takeOver().catch(() => undefined);
    if (this.isRunning) this.timer = this.parts.clock.after(FORMER_POLL_MS, () => void this.poll());
  }

  private async takeOver(): Promise<void> {
    const { keys } = this.parts;
    const there = bySubject(await this.list());
    const here = bySubject(keys.list());
    for (const [subject, decision] of there) if (supersedes(decision, here.get(subject))) await keys.record(decision);
    for (const [subject, decision] of here) if (supersedes(decision, there.get(subject))) await this.record(decision);
  }

  private run(operation: string, script: RedisScript, args: readonly (string | number | Buffer)[]): Promise<unknown> {
    return this.parts.link.run(operation, (client) => script.run(client, { keys: [FORMER_DENIED_KEYS], args }));
  }
}

function bySubject(decisions: readonly KeyDecision[]): ReadonlyMap<string, KeyDecision> {
  return new Map(decisions.map((decision) => [subjectOf(decision), decision]));
}
