import type { Caller } from '../../../src/callers/caller.js';
import { CallerDirectory } from '../../../src/callers/registration/caller-directory.js';
import { Listeners } from '../../../src/app/listeners.js';
import { introspectionAnswer } from '../../../src/introspection/introspection-answer.js';
import { Introspector, type IntrospectionResult } from '../../../src/introspection/introspector.js';
import { Telemetry } from '../../../src/telemetry/telemetry.js';
import { aJwks, aKey } from '../../builders/a-key.js';
import { aToken } from '../../builders/a-token.js';
import { composed, type TestContext } from '../../app/context.js';
import { Scraped } from '../../telemetry/support/scraped.js';

export const AUDIENCE = 'https://api.corp.example';
const secret = 'orders-secret-Wq7Zt3Lm9XcVb5Nh';

/** The key of the issuers of JWTs. */
export const jwtKey = aKey('ES256');

/** A registration of an issuer of JWTs, which is asked about none. */
export function jwtIssuer(id: string, others: object = {}): object {
  return {
    id,
    issuer: `https://${id}.example`,
    algorithms: ['ES256'],
    audiences: [AUDIENCE],
    keys: { jwks: aJwks(jwtKey) },
    network: { allowPrivate: true },
    ...others,
  };
}

/** A registration of an issuer with opaque tokens, at a server of this machine. */
export function opaqueIssuer(id: string, endpoint: string, opaque: object = {}, others: object = {}): object {
  const credentials = { clientId: `assay-at-${id}`, secret: `secret-of-${id}` };
  return jwtIssuer(id, { opaque: { endpoint, credentials, ...opaque }, ...others });
}

/** The verdict of {@link OpaqueWorld.verdict} where an issuer cannot be asked. */
export function outage(category: string): string {
  return `UpstreamUnavailable: the issuer of the token gave no answer: ${category}`;
}

/** A registration of a caller. */
export function aCaller(id: string, issuers: readonly string[] | 'any' = 'any', others: object = {}): object {
  return { id, secrets: [secret], issuers, audiences: 'any', claims: 'any', ...others };
}

/** The whole service over a configuration with opaque issuers; its clock stands still, its sockets to issuers are real. */
export class OpaqueWorld {
  private constructor(readonly context: TestContext) {}

  static async open(
    issuers: readonly object[],
    callers: readonly object[] = [aCaller('orders')],
  ): Promise<OpaqueWorld> {
    const file = { server: { grpc: { enabled: false } }, issuers, callers };
    const context = await composed(file, (builder) => builder.overrideProvider(Listeners).useValue({}));
    return new OpaqueWorld(context);
  }

  get clock(): TestContext['clock'] {
    return this.context.clock;
  }

  get nowSeconds(): number {
    return Math.floor(this.clock.wallMs() / 1_000);
  }

  get introspector(): Introspector {
    return this.context.module.get(Introspector, { strict: false });
  }

  get telemetry(): Telemetry {
    return this.context.module.get(Telemetry, { strict: false });
  }

  /** Value of a metric of the service; `undefined` where it was never counted. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
    return new Scraped(await this.telemetry.reader.scrape()).value(name, labels);
  }

  caller(id: string): Caller {
    const caller = this.context.module.get(CallerDirectory, { strict: false }).byId(id)?.caller;
    if (!caller) throw new Error(`${id} is not registered`);
    return caller;
  }

  /** What the service says of a token. */
  async ask(
    token: string,
    { caller = 'orders', hint }: { caller?: string; hint?: string } = {},
  ): Promise<IntrospectionResult> {
    return this.introspector.introspect(token, this.caller(caller), undefined, undefined, hint);
  }

  /** The same in a word: what it answers where the token is good, or why it is not, or the error. */
  async verdict(token: string, asked: { caller?: string; hint?: string } = {}): Promise<unknown> {
    try {
      const result = await this.ask(token, asked);
      return result.active ? introspectionAnswer(result) : result.rejection.code;
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  }

  /** What an issuer says of a good token. */
  good(claims: object = {}): object {
    return {
      active: true,
      sub: 'alice',
      aud: AUDIENCE,
      client_id: 'shop',
      iat: this.nowSeconds,
      exp: this.nowSeconds + 600,
      ...claims,
    };
  }

  /** A JWT of an issuer. */
  jwt(id: string): string {
    return aToken().from(`https://${id}.example`).for(AUDIENCE).at(this.nowSeconds).signedBy(jwtKey).build();
  }

  async close(): Promise<void> {
    await this.context.module.close();
  }
}
