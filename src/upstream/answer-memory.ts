/** Remembers for seconds what issuers answered about tokens, so that not each request asks again. */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import type { UpstreamAnswer } from './read-answer.js';

/** What an answer that is remembered says of its token. */
export const rememberedKinds = ['active', 'inactive'] as const;

/** One of {@link rememberedKinds}. */
export type RememberedKind = (typeof rememberedKinds)[number];

/** What may be remembered. Of bytes as they are counted here, which is about what they take. */
export interface MemoryTerms {
  /** For good tokens, and as much again for the others: neither can push the other out. */
  readonly bytes: number;
  /** For the answers that one caller has caused, of each half. */
  readonly bytesOfCaller: number;
}

const usual: MemoryTerms = { bytes: 16 * 1_024 * 1_024, bytesOfCaller: 4 * 1_024 * 1_024 };

/** What an entry costs beside its claims. */
const ENTRY_BYTES = 256;
/** Parsed claims take about so many times the bytes of their text. */
const PARSED = 4;

interface Entry {
  readonly answer: UpstreamAnswer;
  readonly caller: string;
  readonly bytes: number;
  readonly untilMs: number;
}

/**
 * Remembers for seconds what issuers answered about tokens. Of a token only a digest is kept, under a key that this process has made and
 * keeps to itself. It is not shared through Redis, so that nobody finds there which tokens are good. An answer is the same for every caller.
 */
export class AnswerMemory {
  /** A key object: with a buffer each digest takes six times as long. */
  private readonly key = createSecretKey(randomBytes(32));
  private readonly good: Half;
  private readonly others: Half;

  /** @param displaced is called for each answer that is forgotten before its time */
  constructor(
    private readonly clock: Clock,
    terms: MemoryTerms = usual,
    displaced: (kind: RememberedKind) => void = () => undefined,
  ) {
    const halfOf = (kind: RememberedKind) =>
      new Half(terms, (untilMs) => {
        if (untilMs > clock.monoMs()) displaced(kind);
      });
    this.good = halfOf('active');
    this.others = halfOf('inactive');
  }

  /** How answers about `token` of the issuer `source` are named here. */
  nameOf(source: string, token: string): string {
    const hmac = createHmac('sha256', this.key);
    return hmac.update(`${source.length}:${source}`).update(token).digest('base64');
  }

  /** What was said less than its time ago. */
  find(name: string): UpstreamAnswer | undefined {
    const nowMs = this.clock.monoMs();
    return this.good.find(name, nowMs) ?? this.others.find(name, nowMs);
  }

  /** @param lifeMs not remembered where it is not positive */
  remember(
    name: string,
    answer: UpstreamAnswer,
    { caller, lifeMs }: { readonly caller: string; readonly lifeMs: number },
  ): void {
    this.forget(name);
    if (!(lifeMs > 0)) return;
    const bytes = ENTRY_BYTES + (answer.active ? answer.bytes * PARSED : 0);
    const half = answer.active ? this.good : this.others;
    half.put(name, { answer, caller, bytes, untilMs: this.clock.monoMs() + lifeMs });
  }

  /** The next question about it is asked. */
  forget(name: string): void {
    this.good.remove(name);
    this.others.remove(name);
  }

  /** Entries, and what they take. */
  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.good.entries + this.others.entries, bytes: this.good.bytes + this.others.bytes };
  }

  /** Entries by what they say. */
  get entries(): Readonly<Record<RememberedKind, number>> {
    return { active: this.good.entries, inactive: this.others.entries };
  }
}

/** One of the two kinds of answers: the least lately used ones go first, of a caller that has had its part its own. */
class Half {
  private readonly byName = new Map<string, Entry>();
  private readonly byCaller = new Map<string, { bytes: number; readonly names: Set<string> }>();
  bytes = 0;

  /** @param displaced is called with the end of what is removed to make room */
  constructor(
    private readonly terms: MemoryTerms,
    private readonly displaced: (untilMs: number) => void,
  ) {}

  get entries(): number {
    return this.byName.size;
  }

  find(name: string, nowMs: number): UpstreamAnswer | undefined {
    const entry = this.byName.get(name);
    if (!entry) return undefined;
    if (entry.untilMs <= nowMs) {
      this.remove(name);
      return undefined;
    }
    this.remove(name);
    this.add(name, entry);
    return entry.answer;
  }

  put(name: string, entry: Entry): void {
    if (entry.bytes > this.terms.bytesOfCaller) return;
    this.add(name, entry);
    const own = this.byCaller.get(entry.caller);
    while (own && own.bytes > this.terms.bytesOfCaller) this.removeFirst(own.names);
    while (this.bytes > this.terms.bytes) this.removeFirst(this.byName.keys());
  }

  remove(name: string): void {
    const entry = this.byName.get(name);
    if (!entry) return;
    this.byName.delete(name);
    this.bytes -= entry.bytes;
    const own = this.byCaller.get(entry.caller);
    if (!own) return;
    own.bytes -= entry.bytes;
    own.names.delete(name);
    if (own.names.size === 0) this.byCaller.delete(entry.caller);
  }

  private add(name: string, entry: Entry): void {
    this.byName.set(name, entry);
    this.bytes += entry.bytes;
    let own = this.byCaller.get(entry.caller);
    if (!own) this.byCaller.set(entry.caller, (own = { bytes: 0, names: new Set() }));
    own.bytes += entry.bytes;
    own.names.add(name);
  }

  private removeFirst(names: Iterable<string>): void {
    for (const name of names) {
      const entry = this.byName.get(name);
      if (entry) this.displaced(entry.untilMs);
      this.remove(name);
      return;
    }
  }
}
