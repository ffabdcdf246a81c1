import { KeyFetchFailure } from '../../src/keys/source/key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from '../../src/keys/source/key-source.js';
import type { Clock } from '../../src/shared/clock.js';
import type { Dice } from './dice.js';
import { isIn, LASTING_KEY, type Mood, type Plan } from './plan.js';
import type { VirtualTime } from './virtual-time.js';

/** One request that an issuer got. */
export interface Start {
  readonly atMs: number;
  readonly replica: number;
  readonly mood: Mood;
}

/** What one of its answers showed. */
export interface Answer {
  /** When it was asked for. */
  readonly atMs: number;
  readonly keys: ReadonlySet<string>;
}

/** An issuer that follows a plan, and remembers what it was asked and what it showed. */
export class ModelIssuer {
  readonly starts: Start[] = [];
  readonly answers: Answer[] = [];
  private readonly shownMs = new Map<string, number>();
  private readonly lies = new Set<number>();

  constructor(
    private readonly plan: Pick<Plan, 'publications' | 'moods'>,
    private readonly time: VirtualTime,
    private readonly dice: Dice,
  ) {}

  published(atMs: number): readonly string[] {
    return this.plan.publications.findLast((publication) => publication.atMs <= atMs)?.keys ?? [];
  }

  /** When an answer last showed the key. */
  lastShownMs(key: string): number {
    return this.shownMs.get(key) ?? Number.NEGATIVE_INFINITY;
  }

  /** Every key that any answer has shown. */
  get shownKeys(): readonly string[] {
    return [...this.shownMs.keys()];
  }

  source(replica: number, clock: Clock): KeySource {
    const ask = (known: Validators | undefined): Promise<Observation> => this.answer(replica, clock, known);
    return new (class extends KeySource {
      override fetch(known: Validators | undefined): Promise<Observation> {
        return ask(known);
      }
    })();
  }

  private async answer(replica: number, clock: Clock, known: Validators | undefined): Promise<Observation> {
    const atMs = this.time.nowMs;
    const at = this.plan.moods.findIndex((interval) => isIn(atMs, interval));
    const { mood, lagMs } = this.plan.moods[at] ?? { mood: 'up' as const, lagMs: 0 };
    this.starts.push({ atMs, replica, mood });
    if (mood === 'hang') return new Promise(() => undefined);
    await clock.sleep(mood === 'slow' ? this.dice.between(300, 2_900) : this.dice.between(10, 200));
    if (mood === 'down') throw new KeyFetchFailure('connect');
    if (mood === 'garbage') throw new KeyFetchFailure('json');
    const isOld = mood === 'lagging' && this.dice.chance(0.5);
    const truth = mood === 'empty' ? [] : this.published(isOld ? atMs - lagMs : atMs);
    const keys = mood === 'truncated' && this.liesNow(at) ? truth.filter((key) => key !== LASTING_KEY) : truth;
    this.answers.push({ atMs, keys: new Set(keys) });
    for (const key of keys) this.shownMs.set(key, Math.max(atMs, this.lastShownMs(key)));
    return observationOf(keys, known);
  }

  private liesNow(interval: number): boolean {
    const isFirst = !this.lies.has(interval);
    this.lies.add(interval);
    return isFirst;
  }
}

function observationOf(names: readonly string[], known: Validators | undefined): Observation {
  const validators = { url: 'model', etag: names.join(' ') };
  if (names.length > 0 && known?.etag === validators.etag) return { kind: 'unchanged', validators };
  const keys = names.map((name) => ({ thumbprint: name, jwk: { kty: 'EC', kid: name } }));
  return { kind: 'published', keys, dropped: new Map(), ...(names.length > 0 ? { validators } : {}) };
}
