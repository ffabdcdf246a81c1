import type { JWK } from 'jose';
import { KeyFetchFailure } from '../../src/keys/source/key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from '../../src/keys/source/key-source.js';
import { parseKeySet } from '../../src/keys/source/parse-key-set.js';
import type { Clock } from '../../src/shared/clock.js';
import { noPause } from '../../src/shared/pause.js';
import { algorithmNames } from '../../src/tokens/algorithms.js';
import { makeKey, type FakeKey } from './fake-issuer.js';

/** A key source without a network, for tests that move the clock. Published keys are real ones. */
export class FakeKeySource extends KeySource {
  /** Monotonic times of all fetches. */
  readonly fetches: number[] = [];
  /** Fetches that were answered, well or badly. */
  answers = 0;
  /** Validators of the latest fetch. */
  known: Validators | undefined;
  private readonly published: FakeKey[] = [];
  private trouble: KeyFetchFailure | 'hang' | undefined;
  private document: unknown;
  private slownessMs = 0;

  constructor(private readonly clock: Clock) {
    super();
  }

  get keys(): readonly FakeKey[] {
    return this.published;
  }

  async publish(kid: string, alg = 'ES256'): Promise<FakeKey> {
    const key = await makeKey(alg, kid);
    this.published.push(key);
    return key;
  }

  publishAgain(key: FakeKey): void {
    this.published.push(key);
  }

  withdraw(key: FakeKey): void {
    this.published.splice(this.published.indexOf(key), 1);
  }

  /** Fails every fetch in this way until {@link recover}. */
  fail(category: KeyFetchFailure['category'], retryAfterMs?: number): void {
    this.trouble = new KeyFetchFailure(category, undefined, retryAfterMs === undefined ? {} : { retryAfterMs });
  }

  hang(): void {
    this.trouble = 'hang';
  }

  /** Serves this instead of the published keys. */
  serve(document: unknown): void {
    this.document = document;
  }

  /** Takes this long for each answer. */
  answerAfter(ms: number): void {
    this.slownessMs = ms;
  }

  recover(): void {
    this.trouble = undefined;
    this.document = undefined;
    this.slownessMs = 0;
  }

  override async fetch(known: Validators | undefined): Promise<Observation> {
    this.fetches.push(this.clock.monoMs());
    this.known = known;
    const { trouble } = this;
    const document = this.document ?? { keys: this.published.map(({ publicJwk }): JWK => publicJwk) };
    if (this.slownessMs > 0) await this.clock.sleep(this.slownessMs);
    if (trouble === 'hang') return new Promise<never>(() => undefined);
    this.answers++;
    if (trouble) throw trouble;
    const body = Buffer.from(JSON.stringify(document));
    return { kind: 'published', ...(await parseKeySet(body, new Set(algorithmNames), noPause)) };
  }
}
