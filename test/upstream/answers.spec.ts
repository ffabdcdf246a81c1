import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RevocationAdministration } from '../../src/admin/revocation-administration.js';
import { AUDIENCE, aCaller, opaqueIssuer, OpaqueWorld, outage } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;
const others = {
  usernameClaim: 'username',
  requireExpiry: false,
  requiredClaims: ['sub'],
  rules: [{ claim: 'tenant', oneOf: ['blue', 'green'], optional: true }],
};

beforeAll(async () => {
  upstream = await RecordingUpstream.open();
});

beforeEach(async () => {
  upstream.received.length = 0;
  upstream.behave = () => world.good();
  const match = { match: { prefix: 'zt_v1_' } };
  world = await OpaqueWorld.open(
    [opaqueIssuer('zitadel', upstream.endpoint, match, others)],
    [aCaller('orders'), aCaller('billing'), aCaller('narrow', ['zitadel'], { audiences: [AUDIENCE], claims: ['sub'] })],
  );
});

afterEach(() => world.close());
afterAll(() => upstream.close());

const token = (): string => `zt_v1_${text()}`;
const said = (answer: object | string, asked = token()) => {
  upstream.behave = () => answer;
  return world.verdict(asked);
};

describe('OPQ-04 what an issuer may say', () => {
  it('active: true, and only the boolean', async () => {
    expect(await said(world.good())).toEqual({
      active: true,
      iss: 'https://zitadel.example',
      sub: 'alice',
      aud: AUDIENCE,
      client_id: 'shop',
      iat: world.nowSeconds,
      exp: world.nowSeconds + 600,
      token_type: 'Bearer',
    });
  });

  it('active: false is a verdict', async () => {
    expect(await said({ active: false })).toBe('opaque_inactive');
    expect(await said({ active: false, sub: 'alice' })).toBe('opaque_inactive');
  });

  it.each([
    ['active as a text', () => ({ ...world.good(), active: 'true' }), 'answer'],
    ['active as a number', () => ({ ...world.good(), active: 1 }), 'answer'],
    ['no active', () => ({ sub: 'alice' }), 'answer'],
    ['a list', () => [world.good()], 'answer'],
    ['no JSON', () => 'active', 'json'],
    ['active twice', () => '{"active":false,"active":true}', 'json'],
    ['more than 64 KiB', () => world.good({ groups: 'x'.repeat(64 * 1_024) }), 'oversize'],
  ])('is an outage otherwise, never a verdict: %s', async (_name, answer, category) => {
    expect(await said(answer())).toBe(outage(category));
  });

  it.each([
    [401, 'credentials_refused'],
    [403, 'credentials_refused'],
    [404, 'status_4xx'],
    [429, 'rate_limited'],
    [500, 'status_5xx'],
    [503, 'status_5xx'],
    [204, 'status_other'],
    [302, 'redirect'],
    [307, 'redirect'],
  ])('an answer of status %i is an outage, with an alarm that says why', async (status, category) => {
    const elsewhere = await RecordingUpstream.open();
    upstream.behave = (_received, response) => {
      response.writeHead(status, { location: elsewhere.endpoint, 'content-type': 'application/json' }).end('{}');
      return undefined;
    };
    const asked = token();
    expect(await world.verdict(asked)).toBe(outage(category));
    // OPQ-11: a redirect would carry the token elsewhere.
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
    const alarms = world.context.logger.lines.filter(({ level }) => level === 'warn');
    expect(alarms).toMatchObject([{ fields: { issuer: 'zitadel', reason: category } }]);
    expect(JSON.stringify(world.context.logger.lines)).not.toContain(asked.slice(6));
  });

  it('a web page is an outage', async () => {
    upstream.behave = (_received, response) => {
      response.setHeader('content-type', 'text/html');
      return JSON.stringify(world.good());
    };
    expect(await world.verdict(token())).toBe(outage('html'));
  });

  it('OPQ-09 one that hangs is an outage at the deadline, also in the middle of a body', async () => {
    for (const beginning of ['', '{"active":true,']) {
      upstream.behave = (_received, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(beginning);
        return undefined;
      };
      const waiting = world.verdict(token());
      const before = upstream.received.length;
      await expect.poll(() => upstream.received.length).toBeGreaterThan(before - 1);
      await world.clock.advance(2_000);
      expect(await waiting).toBe(outage('timeout'));
    }
  });
});

describe('OPQ-05 mix-up', () => {
  it('an answer that names another issuer is refused, with an alarm', async () => {
    for (const iss of ['https://other.example', 'https://zitadel.example/', 1, null])
      expect(await said(world.good({ iss }))).toBe('opaque_foreign');
    expect(world.context.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(await said(world.good({ iss: 'https://zitadel.example' }))).toMatchObject({ active: true });
  });
});

describe('OPQ-06 our own policy is applied to the answer', () => {
  it.each([
    ['another audience', { aud: 'https://other.example' }, 'audience_mismatch'],
    ['no audience', { aud: undefined }, 'audience_mismatch'],
    ['expired', { exp: 1 }, 'expired'],
    ['not yet valid', { nbf: 4_000_000_000 }, 'not_yet_valid'],
    ['issued in the future', { iat: 4_000_000_000 }, 'issued_in_future'],
    ['too long a life', { exp: 4_000_000_000 }, 'lifetime_exceeded'],
    ['exp as a text', { exp: '4000000000' }, 'claim_malformed'],
    ['a claim that must be there', { sub: undefined }, 'claim_missing'],
    ['a rule', { tenant: 'red' }, 'rule_failed'],
    ['a refresh token by its type', { token_type: 'refresh_token' }, 'token_kind'],
    ['a refresh token by its use', { token_use: 'refresh_token' }, 'token_kind'],
    ['DPoP without the key', { token_type: 'DPoP' }, 'confirmation_invalid'],
    ['a broken binding', { cnf: { jkt: 'x' } }, 'confirmation_invalid'],
  ])('%s', async (_name, claims, code) => {
    expect(await said(world.good(claims))).toBe(code);
  });

  it('rights and disclosure are those of the caller, whoever asked first', async () => {
    const asked = token();
    expect(await said(world.good({ secret: 'of the user', username: 'al' }), asked)).toMatchObject({
      secret: 'of the user',
      username: 'al',
    });
    const narrow = await world.verdict(asked, { caller: 'narrow' });
    expect(narrow).toMatchObject({ active: true, sub: 'alice' });
    expect(narrow).not.toHaveProperty('secret');
    expect(upstream.received).toHaveLength(1);
  });

  it('the scope of a token may be a text or a list', async () => {
    for (const scope of ['read write', ['read', 'write']])
      expect(await said(world.good({ scope }))).toMatchObject({ active: true, scope: 'read write' });
  });

  it('the binding of a token is passed on', async () => {
    const cnf = { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' };
    expect(await said(world.good({ token_type: 'DPoP', cnf }))).toMatchObject({ token_type: 'DPoP', cnf });
  });
});

describe('OPQ-07 memory', () => {
  const asks = async (asked: string, ms: number): Promise<boolean> => {
    const before = upstream.received.length;
    await world.clock.advance(ms);
    await world.verdict(asked);
    return upstream.received.length > before;
  };

  it('a good answer is used for ten seconds, by all callers', async () => {
    const asked = token();
    await world.verdict(asked);
    await world.verdict(asked, { caller: 'billing' });
    expect(await asks(asked, 9_999)).toBe(false);
    expect(await asks(asked, 1)).toBe(true);
  });

  it('never beyond exp, nor longer than five seconds without one', async () => {
    const exp = world.nowSeconds + 3;
    const short = token();
    await said(world.good({ exp }), short);
    expect(await asks(short, 2_999)).toBe(false);
    expect(await asks(short, 1)).toBe(true);
    const without = token();
    await said(world.good({ exp: undefined }), without);
    expect(await asks(without, 4_999)).toBe(false);
    expect(await asks(without, 1)).toBe(true);
  });

  it('a token that is not active is asked about again after two seconds; an outage at once', async () => {
    const ended = token();
    await said({ active: false }, ended);
    expect(await asks(ended, 1_999)).toBe(false);
    expect(await asks(ended, 1)).toBe(true);
    const asked = token();
    await said('nothing', asked);
    expect(await asks(asked, 0)).toBe(true);
  });
});

describe('OPQ-08 what was revoked here', () => {
  const revoke = (order: object) =>
    world.context.module
      .get(RevocationAdministration, { strict: false })
      .revoke({ id: 'admin' } as never, 'zitadel', { nowMs: world.clock.wallMs(), ...order } as never);

  it('ends a token by its id, also one that is remembered', async () => {
    const asked = token();
    expect(await said(world.good({ jti: 'j-1' }), asked)).toMatchObject({ active: true });
    await revoke({ kind: 'token', value: 'j-1', reason: 'a test' });
    expect(await world.verdict(asked)).toBe('revoked_token');
  });

  it.each([
    ['session', { sid: 's-1' }, { value: 's-1' }],
    ['client', { client_id: 'till' }, { value: 'till' }],
    ['issuer', {}, {}],
  ])('ends those of a %s', async (kind, claims, named) => {
    const asked = token();
    expect(await said(world.good(claims), asked)).toMatchObject({ active: true });
    await revoke({ kind, ...named, beforeSeconds: kind === 'session' ? 0 : world.nowSeconds, reason: 'a test' });
    expect(await world.verdict(asked)).toBe(`revoked_${kind}`);
    const spared = kind === 'issuer' ? { iat: world.nowSeconds + 1 } : {};
    expect(await said(world.good(spared))).toMatchObject({ active: true });
  });

  it('ends those of a subject that say no time at which they were issued', async () => {
    const asked = token();
    expect(await said(world.good({ iat: undefined }), asked)).toMatchObject({ active: true });
    await revoke({ kind: 'subject', value: 'alice', beforeSeconds: world.nowSeconds, reason: 'a test' });
    expect(await world.verdict(asked)).toBe('revoked_subject');
    expect(upstream.received).toHaveLength(1);
    // The answer was dropped: the issuer is asked once more, and says the same.
    expect(await world.verdict(asked)).toBe('revoked_subject');
    expect(upstream.received).toHaveLength(2);
  });
});
