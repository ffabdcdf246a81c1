import { FakeIssuer, makeKey, type FakeKey } from '../fakes/fake-issuer.js';
import type { Question } from '../e2e/support/steady-load.js';

/** A key that was published this long ago is known everywhere: a few refreshes, with Redis away in between. In milliseconds. */
const KNOWN_AFTER_MS = 30_000;

/** So many keys stay published: with a rotation every few seconds each is published for about a minute. */
const PUBLISHED = 16;

const active = new Set(['active']);
const inactive = new Set(['inactive']);
/** A key that we may not have seen yet: we say so, or we say that nobody has it, within the bound for new keys. */
const anything = new Set(['active', 'inactive', 'status 503', 'UNAVAILABLE']);
const neverActive = new Set(['inactive', 'status 503', 'UNAVAILABLE']);

interface Signed {
  readonly key: FakeKey;
  readonly publishedMs: number;
  readonly token: string;
}

/** An issuer that rotates without end, and the questions that can be asked about its tokens, with what the failure matrix allows. */
export class RotatingIssuer {
  private readonly signed: Signed[] = [];
  private readonly bad: Question[] = [];
  private turn = 0;
  rotations = 0;

  private constructor(readonly issuer: FakeIssuer) {}

  static async start(): Promise<RotatingIssuer> {
    const rotating = new RotatingIssuer(await FakeIssuer.start());
    await rotating.publish(rotating.issuer.key);
    await rotating.makeBadTokens();
    return rotating;
  }

  /** Publishes a new key; the oldest goes once it is one too many. */
  async rotate(): Promise<void> {
    await this.publish(await this.issuer.addKey());
    this.rotations++;
    if (this.signed.length <= PUBLISHED) return;
    const [oldest] = this.signed.splice(0, 1);
    this.issuer.removeKey(oldest!.key.kid);
  }

  /** One of many: most are good, as in life. */
  readonly question = (): Question => {
    this.turn++;
    if (this.turn % 5 === 0) return this.bad[(this.turn / 5) % this.bad.length]!;
    const { token, publishedMs } = this.signed[this.turn % this.signed.length]!;
    const isKnown = performance.now() - publishedMs > KNOWN_AFTER_MS;
    return isKnown ? { token, allowed: active, kind: 'known' } : { token, allowed: anything, kind: 'new' };
  };

  stop(): Promise<void> {
    return this.issuer.stop();
  }

  private async publish(key: FakeKey): Promise<void> {
    const exp = Math.floor(Date.now() / 1000) + 3_600;
    this.signed.push({ key, publishedMs: performance.now(), token: await this.issuer.sign({ exp }, key) });
  }

  private async makeBadTokens(): Promise<void> {
    const { issuer } = this;
    const exp = Math.floor(Date.now() / 1000) + 3_600;
    const stranger = await makeKey('ES256', 'nobody');
    const add = (kind: string, token: string, allowed = inactive): unknown => this.bad.push({ kind, token, allowed });
    add('expired', await issuer.sign({ exp: 1 }));
    add('opaque', 'x'.repeat(64));
    add('of-another-issuer', await issuer.sign({ exp, iss: 'https://elsewhere.example' }));
    add('for-somebody-else', await issuer.sign({ exp, aud: 'https://elsewhere.example' }), neverActive);
    add('with-an-unknown-key', await issuer.sign({ exp }, stranger), neverActive);
  }
}
