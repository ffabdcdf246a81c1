import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyResolver, KeyUndetermined } from '../../src/keys/key-resolver.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import type { JwtHeader } from '../../src/tokens/unverified-jwt.js';
import type { VerificationKey } from '../../src/tokens/verification-key.js';
import type { TokenBuilder } from '../builders/a-token.js';
import { authorize } from '../gateway/support/authorize.js';
import { retryInfo } from '../transport/grpc/support/retry-info.js';
import { ask, inactive } from '../transport/http/support/ask.js';
import { header } from '../transport/http/support/raw-http.js';
import { basic } from '../transport/http/support/requests.js';
import type { HeldKeys } from '../vectors/world.js';
import { AllEndpoints } from './all-endpoints.js';

/** The issuers of the vectors, whose latest fetches failed: what they publish beside the known keys, nobody can say. */
class KeysOfFailingIssuers extends KeyResolver {
  fetches = 0;

  constructor(private readonly held: HeldKeys) {
    super();
  }

  override known(issuer: Issuer, jwtHeader: JwtHeader): readonly VerificationKey[] | undefined {
    return this.held.known(issuer, jwtHeader);
  }

  override holds(): boolean {
    return false;
  }

  override find(issuer: Issuer): Promise<never> {
    this.fetches++;
    return Promise.reject(new KeyUndetermined(issuer.id, 7));
  }
}

let keys: KeysOfFailingIssuers;
let all: AllEndpoints;
let { reception, http, client, envoy } = {} as AllEndpoints;

beforeAll(async () => {
  all = await AllEndpoints.open({ keys: (held) => (keys = new KeysOfFailingIssuers(held)) });
  ({ reception, http, client, envoy } = all);
});

afterAll(() => all.close());

beforeEach(async () => {
  // Longer than it takes to pay for all answers of the test before.
  await reception.clock.advance(10_000);
  keys.fetches = 0;
});

/** An endpoint, as its client asks it, and what it says of each kind of token. */
interface Endpoint {
  readonly name: string;
  /** Two who may ask, each for itself. */
  readonly askers: readonly [string, string];
  readonly ask: (token: string, asker: string) => Promise<unknown>;
  readonly unavailable: unknown;
  readonly notGood: unknown;
}

const endpoints: readonly Endpoint[] = [
  {
    name: 'POST /introspect',
    askers: ['orders', 'narrow'],
    async ask(token, asker) {
      const answer = await ask(http, { headers: { Authorization: basic(asker) }, body: `token=${token}` });
      return [answer.status, header(answer, 'retry-after'), answer.body];
    },
    unavailable: [503, '7', '{"error":"temporarily_unavailable"}'],
    notGood: [200, undefined, inactive],
  },
  {
    name: 'assay.v1.Introspection/Introspect',
    askers: ['orders', 'narrow'],
    async ask(token, asker) {
      const outcome = await client.introspect(token, { authorization: basic(asker) });
      return outcome.answer?.active ?? [outcome.status, retryInfo(outcome)];
    },
    unavailable: ['UNAVAILABLE', { type: 'type.googleapis.com/google.rpc.RetryInfo', seconds: 7 }],
    notGood: false,
  },
  {
    name: '/authorize',
    askers: ['edge', 'edge-narrow'],
    async ask(token, asker) {
      const answer = await authorize(http, { token, query: `caller=${asker}` });
      return [answer.status, header(answer, 'retry-after'), header(answer, 'www-authenticate')];
    },
    unavailable: [503, '7', undefined],
    notGood: [401, undefined, 'Bearer realm="assay", error="invalid_token"'],
  },
  {
    name: 'envoy.service.auth.v3.Authorization/Check',
    askers: ['edge', 'edge-narrow'],
    async ask(token, asker) {
      const { rpc, code, http: status, headers } = await envoy.check({ token, extensions: { caller: asker } });
      return [rpc, code, status, headers['retry-after'], headers['www-authenticate']];
    },
    unavailable: ['OK', 'UNAVAILABLE', 503, '7', undefined],
    notGood: ['OK', 'UNAUTHENTICATED', 401, undefined, 'Bearer realm="assay", error="invalid_token"'],
  },
];

/** Signed with a key that its issuer may or may not have published since. */
const withNewKey = (token: TokenBuilder): string => token.header({ kid: 'new' }).build();
const good = (): TokenBuilder => reception.context.good.at(reception.clock.wallMs() / 1_000);
const bound = { cnf: { jkt: Buffer.alloc(32).toString('base64url') } };

describe.each(endpoints)('$name, for a token of an unknown key after a failed fetch', (endpoint) => {
  const { askers, unavailable, notGood } = endpoint;
  const [first, second] = askers;

  it('says when to come back twenty times at once, and then that the token is not good; each asker has its own twenty', async () => {
    const token = withNewKey(good());
    for (let i = 0; i < 20; i++) expect(await endpoint.ask(token, first)).toEqual(unavailable);
    expect(await endpoint.ask(token, first)).toEqual(notGood);
    expect(await endpoint.ask(token, second)).toEqual(unavailable);
    await reception.clock.advance(200);
    expect(await endpoint.ask(token, first)).toEqual(unavailable);
    expect(await endpoint.ask(token, first)).toEqual(notGood);
  });

  it('says that it is not good where no key could make it good, and fetches nothing', async () => {
    const hopeless = [
      good().expiredAt(reception.clock.wallMs() / 1_000),
      good().with({ token_use: 'id' }),
      good().with({ cnf: { jkt: 'no digest' } }),
      ...(first === 'edge' ? [good().with(bound)] : []),
    ];
    for (const token of hopeless) expect(await endpoint.ask(withNewKey(token), first)).toEqual(notGood);
    expect(keys.fetches).toBe(0);
  });
});

it('only an endpoint that sees no proof refuses a bound token before the fetch', async () => {
  const [introspect] = endpoints;
  expect(await introspect!.ask(withNewKey(good().with(bound)), 'orders')).toEqual(introspect!.unavailable);
});
