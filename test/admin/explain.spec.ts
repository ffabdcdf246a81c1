import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revocationKinds } from '../../src/revocation/tokens/revocation.js';
import { rejectionCodes } from '../../src/tokens/rejection.js';
import { ordersApi } from '../e2e/support/configuration.js';
import { type AdminService, audience, type FakeIssuer, operator } from './support/admin-world.js';
import { ExplainWorld, second } from './support/explain-world.js';
import { explain, outcomesOf, ruleOf, stepOf } from './support/explanations.js';

let world: ExplainWorld;
let issuer: FakeIssuer;
let service: AdminService;

beforeAll(async () => {
  world = await ExplainWorld.start();
  ({ issuer, service } = world);
});

afterAll(async () => {
  await world.stop();
});

type Row = readonly [code: string, step: string, token: () => string | Promise<string>, caller?: string];

describe('explain names the step that refuses', () => {
  const table: readonly Row[] = [
    ['malformed', 'token', () => 'no token at all'],
    ['oversized', 'token', () => 'x'.repeat(20_000)],
    ['encrypted', 'token', () => `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}..b.c.d`],
    ['algorithm_unsupported', 'token', () => world.forged({ alg: 'HS256' })],
    ['critical_extension', 'token', () => world.forged({ crit: ['exp'] })],
    ['nested', 'token', () => world.forged({ cty: 'JWT' })],
    ['header_invalid', 'token', () => world.forged({ kid: 7 })],
    ['issuer_missing', 'token', () => world.forged({}, { iss: undefined })],
    ['issuer_unknown', 'issuer', () => world.forged({}, { iss: `${issuer.issuer}/` })],
    ['algorithm_not_allowed', 'header', () => world.forged({ alg: 'RS256' })],
    ['token_type_not_allowed', 'header', () => world.forged({ typ: 'logout+jwt' })],
    ['key_unknown', 'look', () => world.forged({ kid: 'nobody' })],
    ['signature_invalid', 'signature', () => world.forged({})],
    ['claim_malformed', 'claims', () => world.signed({ client_id: 7 })],
    ['claim_missing', 'claims', () => world.signed({ exp: undefined })],
    ['expired', 'claims', () => world.signed({ exp: second() - 100, iat: second() - 200 })],
    ['not_yet_valid', 'claims', () => world.signed({ nbf: second() + 100 })],
    ['issued_in_future', 'claims', () => world.signed({ iat: second() + 100 })],
    ['lifetime_exceeded', 'claims', () => world.signed({ exp: second() + 10 * 86_400 })],
    ['audience_mismatch', 'claims', () => world.signed({ aud: 'https://nobody.example' })],
    ['token_kind', 'claims', () => world.signed({ token_use: 'id' })],
    ['rule_failed', 'claims', () => world.signed({ tenant: 'initech' })],
    ['confirmation_invalid', 'claims', () => world.signed({ cnf: { jkt: 'x' } })],
    ['caller_issuer_not_granted', 'rights', () => world.signed(), 'elsewhere'],
    ['caller_audience_not_granted', 'rights', () => world.signed(), 'deaf'],
    ['caller_claim_not_granted', 'rights', () => world.signed(), 'picky'],
  ];

  it.each(table.map((row) => [`${row[0]}: ${row[1]}`, row] as const))(
    '%s',
    async (_name, [code, step, make, caller]) => {
      const explanation = await explain(service, await make(), caller);
      expect(explanation).toMatchObject({ verdict: 'inactive', rejection: { code, step } });
      const outcomes = explanation.steps.map(({ outcome }) => outcome);
      const decisive = outcomes.indexOf('refused');
      expect(explanation.steps[decisive]?.step).toBe(step);
      expect(outcomes.slice(0, decisive).every((outcome) => outcome === 'passed' || outcome === 'not_needed')).toBe(
        true,
      );
      expect(outcomes.slice(decisive + 1).every((outcome) => outcome === 'not_reached')).toBe(true);
    },
  );

  it('key_denied: denial, with whose it is', async () => {
    const token = await world.signed();
    const thumbprint = stepOf(await explain(service, token), 'denial')['thumbprint'];
    const path = `/admin/v1/issuers/corp/keys/${String(thumbprint)}/deny`;
    await service.ask('POST', path, { token: operator, body: { reason: 'INC-1' } });
    const explanation = await explain(service, token);
    await service.ask('DELETE', path, { token: operator });
    expect(explanation.rejection).toEqual({ code: 'key_denied', step: 'denial' });
    expect(stepOf(explanation, 'denial')).toMatchObject({ thumbprint, denial: { by: 'acting', reason: 'INC-1' } });
  });

  it('and there is no other reason that a token can have here', () => {
    const revoked = revocationKinds.map((kind) => `revoked_${kind}`);
    const proofs = rejectionCodes.filter((code) => code.startsWith('proof_'));
    const opaque = rejectionCodes.filter((code) => code.startsWith('opaque_'));
    const elsewhere = ['key_denied', ...revoked, ...proofs, ...opaque, 'tenant_mismatch'];
    expect([...table.map(([code]) => code), ...elsewhere].sort()).toEqual([...rejectionCodes].sort());
  });
});

describe('explain shows what an operator needs', () => {
  it('for an active token: every step, with what it found', async () => {
    const explanation = await explain(service, await world.signed({}, { jku: 'https://evil.example/keys', x5t: 'x' }));
    expect(explanation).toMatchObject({ caller: ordersApi.id, verdict: 'active' });
    expect(explanation.rejection).toBeUndefined();
    expect(outcomesOf(explanation)).toEqual({
      token: 'passed',
      issuer: 'passed',
      header: 'passed',
      keys: 'passed',
      plausibility: 'not_needed',
      look: 'not_needed',
      signature: 'passed',
      denial: 'passed',
      revocation: 'passed',
      claims: 'passed',
      rights: 'passed',
      disclosure: 'passed',
    });
    const { kid } = issuer.key;
    expect(stepOf(explanation, 'token')).toMatchObject({
      header: { alg: 'ES256', kid, typ: 'at+jwt' },
      ignored: ['jku', 'x5t'],
    });
    expect(stepOf(explanation, 'issuer')).toMatchObject({ iss: issuer.issuer, issuer: 'corp' });
    expect(stepOf(explanation, 'header')).toMatchObject({
      algorithm: { found: 'ES256', expected: ['ES256'], holds: true },
    });
    const { candidates, keySet } = stepOf(explanation, 'keys') as unknown as {
      candidates: { thumbprint: string }[];
      keySet: object;
    };
    expect(keySet).toMatchObject({
      state: 'FRESH',
      keys: 1,
      ageSeconds: expect.any(Number),
      digest: expect.any(String),
    });
    expect(stepOf(explanation, 'signature')['tried']).toEqual([
      { thumbprint: candidates[0]!.thumbprint, isSigner: true },
    ]);
    expect(ruleOf(explanation, 'rule for tenant')).toEqual({
      rule: 'rule for tenant',
      source: 'configuration (rules)',
      found: { tenant: 'acme' },
      expected: 'one of "acme", "globex"',
      holds: true,
    });
    expect(ruleOf(explanation, 'expiry').source).toBe('RFC 7519 §4.1.4');
  });

  it('every rule, also behind the first one that refuses, which stays the verdict', async () => {
    const token = await world.signed({
      exp: second() - 100,
      iat: second() - 200,
      tenant: 'initech',
      aud: 'https://nobody.example',
    });
    const explanation = await explain(service, token);
    expect(explanation.rejection?.code).toBe('expired');
    const rules = stepOf(explanation, 'claims')['rules'] as { rule: string; holds: boolean }[];
    expect(rules.filter(({ holds }) => !holds).map(({ rule }) => rule)).toEqual([
      'expiry',
      'audience',
      'rule for tenant',
    ]);
    expect(ruleOf(explanation, 'audience')).toMatchObject({
      found: { aud: 'https://nobody.example' },
      expected: `one of "${audience}"`,
    });
    expect(ruleOf(explanation, 'claim types').holds).toBe(true);
  });

  it('the claim that has the wrong type', async () => {
    const explanation = await explain(service, await world.signed({ client_id: 7 }));
    expect(ruleOf(explanation, 'claim types')).toMatchObject({
      holds: false,
      found: { client_id: 7 },
      detail: 'client_id',
    });
  });

  it('that a token with a nonce in its header is one for Microsoft Graph, which nobody else can verify', async () => {
    const { rejection } = await explain(service, world.forged({ nonce: 'AQABAAAAAABsynthetic' }));
    expect(rejection).toMatchObject({ code: 'signature_invalid', step: 'signature' });
    expect(rejection?.detail).toMatch(/Microsoft Graph/);
    expect(await explain(service, world.forged({}))).toMatchObject({ rejection: { code: 'signature_invalid' } });
    expect((await explain(service, world.forged({}))).rejection).not.toHaveProperty('detail');
    expect(await explain(service, await world.signed({}, { nonce: 'n' }))).toMatchObject({ verdict: 'active' });
  });

  it.each(['ya29.a0AfH6SMBx', 'a.b.c.d.e', '7f3c0c1e-6d2b-4f7a', 'v2.local.abc.def.ghi'])(
    'that %s is no JWT, perhaps an opaque token, and not an encrypted one',
    async (opaque) => {
      const { rejection } = await explain(service, opaque);
      expect(rejection).toMatchObject({ code: 'malformed', step: 'token' });
      expect(rejection?.detail).toMatch(/opaque/);
    },
  );

  it('issuers that may have been meant', async () => {
    const near = 'not the registered issuer corp: iss has another slash at its end, or other capital letters';
    const nearly = await explain(service, world.forged({}, { iss: `${issuer.issuer}/` }));
    expect(stepOf(nearly, 'issuer')['near']).toEqual([issuer.issuer]);
    expect(nearly.rejection?.detail).toBe(near);
    const neighbour = await explain(
      service,
      world.forged({}, { iss: 'https://login.example/tenants/completely-different-one' }),
    );
    expect(stepOf(neighbour, 'issuer')['near']).toEqual(['https://login.example/tenants/other']);
    const stranger = await explain(service, world.forged({}, { iss: 'not even a URL' }));
    expect(stepOf(stranger, 'issuer')['near']).toEqual([]);
    expect(stranger.rejection).not.toHaveProperty('detail');
  });

  it('rights that are missing, and what they are', async () => {
    const rights = stepOf(await explain(service, await world.signed(), 'deaf'), 'rights');
    expect(rights).toMatchObject({
      issuer: { found: 'corp', granted: 'any', holds: true },
      audience: { found: [audience], granted: ['https://other.example'], holds: false },
    });
  });

  it('what the caller would see, and what is withheld from it', async () => {
    const disclosure = stepOf(await explain(service, await world.signed(), 'narrow'), 'disclosure');
    expect(disclosure).toMatchObject({ granted: ['tenant'] });
    expect(disclosure['shown']).toEqual(['active', 'iss', 'aud', 'exp', 'iat', 'token_type', 'tenant']);
    expect(disclosure['withheld']).toEqual(['sub', 'jti']);
  });

  it('that a token without a chance costs no fetch, and which unverified claim says so', async () => {
    const before = issuer.keySetRequests;
    const explanation = await explain(service, world.forged({ kid: 'nobody' }, { exp: 1 }));
    expect(explanation.rejection).toEqual({ code: 'expired', step: 'plausibility' });
    expect(stepOf(explanation, 'keys')['candidates']).toEqual([]);
    expect(ruleOf(explanation, 'expiry', 'plausibility')).toMatchObject({ found: { exp: 1 }, holds: false });
    expect(issuer.keySetRequests).toBe(before);
  });
});
