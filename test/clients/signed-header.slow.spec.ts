/** The programs of docs/signed-answers.md that check `x-auth-jwt`, word for word, against what a real proxy endpoint answers. */
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { runBlock, runnableBlocks, type ClientBlock } from '../../tools/client-pages.mjs';
import { aKey, type TestKey } from '../builders/a-key.js';
import { aToken, type TokenBuilder } from '../builders/a-token.js';
import { IDENTIFIER, Reception } from '../endpoints/reception.js';
import { authorize, identityOf } from '../gateway/support/authorize.js';
import { aSigning, ourKeys } from '../signing/support/a-signing.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';

const upstream = 'https://orders.internal';
const profile = { proxy: true, issuers: 'any', audiences: 'any', claims: 'any' } as const;
const callers: readonly CallerSection[] = [
  { id: 'edge-signing', ...profile, upstream, signed: { alg: 'ES256' } },
  { id: 'edge-usual', ...profile, upstream, signed: { alg: 'RS256' } },
  { id: 'edge-billing', ...profile, upstream: 'https://billing.internal', signed: { alg: 'ES256' } },
];

const blocks = runnableBlocks('signed-answers.md');
const ourKey = ourKeys.find(([, { alg }]) => alg === 'ES256')![1];

let reception: Reception;
let endpoint: HttpEndpoint;
let token: string;
let now: number;

beforeAll(async () => {
  reception = await Reception.open({ callers, signing: aSigning(...ourKeys) });
  endpoint = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
});

// Once: a compiler whose cache is empty may compile its own library first.
beforeAll(async () => {
  for (const block of blocks.filter(({ language }) => language === 'go')) await check(block, 'no header');
}, 300_000);

// The programs go by the clock of this machine, and refuse what is older than a minute, which a compiler may take.
beforeEach(() => {
  reception.clock.stepWall(Date.now() - reception.clock.wallMs());
  now = Math.floor(Date.now() / 1_000);
  // Another subject inside: programs that search in the text must not find it.
  const claims = { sub: 'alice', act: { sub: 'mallory' }, iat: now, nbf: now, exp: now + 3_600 };
  token = reception.context.good.with(claims).build();
});

afterAll(() => endpoint.close());

/** The header that the proxy hands on for a request with `asked`; empty where there is none. */
async function headerFor(caller: string, asked = token): Promise<string> {
  const answer = await authorize(endpoint, { token: asked, query: `caller=${caller}` });
  return answer.status === 200 ? (identityOf(answer)['x-auth-jwt'] ?? '') : '';
}

const ourKid = async (): Promise<string> => decodeProtectedHeader(await headerFor('edge-signing')).kid ?? '';

/** A header such as we make it, until the test changes it. */
const made = (key: TestKey = ourKey): TokenBuilder =>
  aToken()
    .with({ sub: undefined, client_id: undefined, exp: undefined, jti: undefined })
    .with({ iss: IDENTIFIER, aud: upstream, iat: now, token_introspection: { active: true, sub: 'alice' } })
    .signedBy(key)
    .header({ typ: 'token-introspection+jwt' });

function check(block: ClientBlock, header: string): Promise<string> {
  const place = `http://127.0.0.1:${endpoint.port}`;
  const names = { ASSAY_ISSUER: IDENTIFIER, ASSAY_JWKS: `${place}/jwks`, UPSTREAM: upstream };
  return runBlock(block, { ...names, X_AUTH_JWT: header });
}

it('there is one in each of three languages, and each can be run here', () => {
  expect(blocks.map(({ language, why }) => [language, why])).toEqual([
    ['js', ''],
    ['python', ''],
    ['go', ''],
  ]);
});

describe.each(blocks.map((block) => [block.language, block] as const))('x-auth-jwt, checked by %s', (_, block) => {
  it('PHA-01 says whose token it was, and takes the one that a test makes as well', async () => {
    expect(await check(block, await headerFor('edge-signing'))).toBe('good alice');
    expect(
      await check(
        block,
        made()
          .header({ kid: await ourKid() })
          .build(),
      ),
    ).toBe('good alice');
  });

  it('PHA-01 refuses everything else', async () => {
    const good = await headerFor('edge-signing');
    const [head = '', claims = '', signature = ''] = good.split('.');
    const kid = await ourKid();
    const ours = () => made().header({ kid });
    const changed = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('alice', 'mallory'));
    const others: Readonly<Record<string, string>> = {
      'no header': '',
      'no JWT': 'alice',
      'for another service': await headerFor('edge-billing'),
      'of an algorithm that it does not take': await headerFor('edge-usual'),
      'the access token itself': token,
      changed: [head, changed.toString('base64url'), signature].join('.'),
      'without a signature': `${head}.${claims}.`,
      'older than a minute': ours()
        .with({ iat: now - 120 })
        .build(),
      'of the future': ours()
        .with({ iat: now + 3_600 })
        .build(),
      'of no time': ours().with({ iat: undefined }).build(),
      'of another issuer': ours().with({ iss: 'https://assay.evil.example' }).build(),
      'about a token that is not active': ours()
        .with({ token_introspection: { active: false } })
        .build(),
      'about nothing': ours().with({ token_introspection: undefined }).build(),
      'of another kind': ours().header({ typ: 'JWT' }).build(),
      'of no kind': ours().header({ typ: undefined }).build(),
      'of somebody else’s key under our kid': made(aKey('ES256')).header({ kid }).build(),
      'of a key that is not published': made(aKey('ES256')).build(),
    };
    const said: Record<string, string> = {};
    for (const [what, header] of Object.entries(others)) said[what] = await check(block, header);
    expect(said).toEqual(Object.fromEntries(Object.keys(others).map((what) => [what, 'refused'])));
  }, 120_000);
});
