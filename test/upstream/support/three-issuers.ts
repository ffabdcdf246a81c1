import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { aCaller, jwtIssuer, opaqueIssuer, OpaqueWorld } from './opaque-world.js';
import { RecordingUpstream } from './recording-upstream.js';

/** A token that nobody has seen. */
export const text = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** Three issuers of opaque tokens with a server each, found by different rules, and one of JWTs. */
export class ThreeIssuers {
  private constructor(
    readonly zitadel: RecordingUpstream,
    readonly hydra: RecordingUpstream,
    readonly okta: RecordingUpstream,
    readonly world: OpaqueWorld,
  ) {}

  static async open(): Promise<ThreeIssuers> {
    const open = () => RecordingUpstream.open();
    const [zitadel, hydra, okta] = [await open(), await open(), await open()];
    const world = await OpaqueWorld.open(
      [
        opaqueIssuer('zitadel', zitadel.endpoint, { match: { prefix: 'zt_v1_' } }),
        opaqueIssuer('hydra', hydra.endpoint, { match: { prefix: 'ory_at_', length: [20, 200] } }),
        opaqueIssuer('okta', okta.endpoint, { match: { length: [43, 43] } }),
        jwtIssuer('corp'),
      ],
      [
        aCaller('orders'),
        aCaller('okta-only', ['okta', 'corp']),
        aCaller('hydra-only', ['hydra']),
        aCaller('jwt-only', ['corp']),
      ],
    );
    const three = new ThreeIssuers(zitadel, hydra, okta, world);
    three.forget();
    return three;
  }

  get upstreams(): readonly RecordingUpstream[] {
    return [this.zitadel, this.hydra, this.okta];
  }

  /** Nobody was asked yet, and every token is good. */
  forget(): void {
    for (const each of this.upstreams) {
      each.received.length = 0;
      each.behave = () => this.world.good();
    }
  }

  async close(): Promise<void> {
    await this.world.close();
    for (const each of this.upstreams) await each.close();
  }

  /** As many tokens as a caller may have issuers asked about: the clock goes on meanwhile. */
  private async askAll(tokens: readonly string[], caller: string): Promise<void> {
    for (let i = 0; i < tokens.length; i += 50) {
      await Promise.all(tokens.slice(i, i + 50).map((token) => this.world.verdict(token, { caller })));
      await this.world.clock.advance(1_000);
    }
  }

  /** Asks about `many` tokens of each issuer, of nobody, and JWTs: each issuer must have seen its own, and nothing else. */
  async expectEachItsOwn(many: number): Promise<void> {
    const of = (make: (i: number) => string) => Array.from({ length: many }, (_, i) => make(i));
    const own = [of(() => `zt_v1_${text()}`), of(() => `ory_at_${text()}`), of(() => text())] as const;
    const nobodys = of((i) => [`gho_${text()}`, text(20), `zt_${text()}`, `ORY_AT_${text()}`][i % 4]!);
    const jwt = this.world.jwt('corp');
    const jwts = of((i) => `${jwt.slice(0, -20)}${text(15)}${i % 2 ? '' : '='}`);
    await this.askAll(own[0], 'orders');
    await this.askAll(own[1], 'hydra-only');
    await this.askAll(own[2], 'okta-only');
    for (const caller of ['orders', 'okta-only']) await this.askAll([...nobodys, ...jwts], caller);
    // None is asked twice; one whose answer was an outage would be missing.
    const seen = this.upstreams.map(({ tokens }) => [...tokens].sort());
    expect(seen.map(({ length }) => length)).toEqual([many, many, many]);
    expect(seen).toEqual(own.map((tokens) => tokens.toSorted()));
    // OPQ-12: nor has any of them seen what proves us to another.
    const shown = this.upstreams.map(({ received }) => [
      ...new Set(received.map(({ headers }) => headers.authorization)),
    ]);
    const basic = (id: string) => `Basic ${Buffer.from(`assay-at-${id}:secret-of-${id}`).toString('base64')}`;
    expect(shown).toEqual(['zitadel', 'hydra', 'okta'].map((id) => [basic(id)]));
  }
}
