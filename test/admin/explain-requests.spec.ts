import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ordersApi } from '../e2e/support/configuration.js';
import { leaksIn } from '../e2e/support/leaks.js';
import { makeKey } from '../fakes/fake-issuer.js';
import { recipes } from '../gateway/support/recipe.js';
import { adminSection, AdminService, FakeIssuer, operator, quickIssuer, viewer } from './support/admin-world.js';
import { ExplainWorld, hashKey, jti, subject } from './support/explain-world.js';
import { askToExplain, EXPLAIN, explain, outcomesOf, stepOf } from './support/explanations.js';

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

describe('explain spends what any request would, and nothing of the caller', () => {
  it('fetches for an unknown key once, and says whether it could', async () => {
    const token = async (kid: string) => issuer.sign({ sub: subject, tenant: 'acme' }, await makeKey('ES256', kid));
    const before = issuer.keySetRequests;
    const outcomes: unknown[] = [];
    for (let i = 0; i < 8; i++)
      outcomes.push(stepOf(await explain(service, await token(`made-up-${i}`)), 'look')['look']);
    const made = outcomes.filter((outcome) => outcome === 'made').length;
    expect(outcomes).toContain('not_granted');
    expect(issuer.keySetRequests - before).toBe(made);
    // The burst for unknown keys (`missBurst`).
    expect(made).toBeLessThanOrEqual(3);
  });

  it('charges no rate limit, writes no refusal of a caller, and audits itself', async () => {
    const bad = await world.signed({ tenant: 'initech' });
    service.output = service.lines
      .filter(({ msg }) => msg === 'ready')
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
    for (let i = 0; i < 4; i++) await explain(service, bad);
    expect(service.lines.filter(({ msg }) => msg === 'token is not active')).toEqual([]);
    expect(service.auditedFields.filter(({ action }) => action === 'admin_explain')).toHaveLength(4);
    expect(lastExplained(service)).toEqual({
      action: 'admin_explain',
      by: 'acting',
      caller: ordersApi.id,
      issuer: 'corp',
      tokenHash: createHmac('sha256', hashKey).update(bad).digest('hex'),
      verdict: 'inactive',
      reason: 'rule_failed',
      result: 'done',
    });
    expect(await service.isActive(await world.signed())).toBe(true);
  });
});

/** The last record of an explanation: a decision of before may be written down in between. */
function lastExplained({ auditedFields }: AdminService): Readonly<Record<string, unknown>> | undefined {
  return auditedFields.findLast(({ action }) => action === 'admin_explain');
}

describe('explain when nobody can know', () => {
  it('is an explanation, not a failure', async () => {
    await using lost = await FakeIssuer.start();
    lost.behaveForKeys((_request, response) => response.writeHead(500).end());
    const alone = await AdminService.start([quickIssuer(lost)], { admin: adminSection });
    const explanation = await explain(alone, await lost.sign());
    expect(explanation).toMatchObject({ verdict: 'unknown', unavailable: { retryAfterSeconds: expect.any(Number) } });
    expect(outcomesOf(explanation)).toMatchObject({
      keys: 'passed',
      plausibility: 'passed',
      look: 'unknown',
      signature: 'not_reached',
    });
    expect(stepOf(explanation, 'look')).toMatchObject({
      keySet: { state: 'COLD', lastError: { category: 'status_5xx' } },
    });
    expect(lastExplained(alone)).toMatchObject({ action: 'admin_explain', verdict: 'unknown', issuer: 'corp' });
    await alone.stop();
  });
});

describe('explain refuses', () => {
  const ask = (body: unknown, token = operator) => service.ask('POST', EXPLAIN, { token, body: body as object });

  it.each([
    ['no JSON', '{', 400, 'body_invalid', undefined],
    ['a list', '[]', 400, 'body_invalid', undefined],
    ['a member twice', '{"token":"a","token":"b","caller":"c"}', 400, 'body_invalid', undefined],
    ['nothing', {}, 400, 'fields_invalid', ['token', 'caller']],
    ['no token', { caller: 'orders-api' }, 400, 'fields_invalid', ['token']],
    ['an empty token', { token: '', caller: 'orders-api' }, 400, 'fields_invalid', ['token']],
    ['a token that is no text', { token: 7, caller: 'orders-api' }, 400, 'fields_invalid', ['token']],
    ['no caller', { token: 'x' }, 400, 'fields_invalid', ['caller']],
    [
      'a field that nobody knows',
      { token: 'x', caller: 'orders-api', hint: 'x' },
      400,
      'fields_invalid',
      ['(unknown)'],
    ],
    ['a caller that nobody knows', { token: 'x', caller: 'caller-canary' }, 404, 'caller_unknown', ['caller']],
    ['a caller called __proto__', { token: 'x', caller: '__proto__' }, 404, 'caller_unknown', ['caller']],
  ])('%s', async (_name, body, status, code, fields) => {
    const answer = await ask(body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((answer.body['errors'] as { field: string }[] | undefined)?.map(({ field }) => field)).toEqual(fields);
    expect(answer.text).not.toContain('canary');
    expect(lastExplained(service)).toEqual({ action: 'admin_explain', by: 'acting', result: code });
  });

  it('who is nobody, and who may only read', async () => {
    const token = await world.signed();
    const body = { token, caller: ordersApi.id };
    expect((await service.ask('POST', EXPLAIN, { body })).status).toBe(401);
    expect((await ask(body, token)).status).toBe(401);
    const watched = await ask(body, viewer);
    expect([watched.status, watched.body['code']]).toEqual([403, 'role_insufficient']);
  });

  it('another type of body, and another method', async () => {
    const form = { token: operator, body: 'token=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await service.ask('POST', EXPLAIN, form)).status).toBe(415);
    const got = await service.ask('GET', EXPLAIN, { token: operator });
    expect([got.status, got.headers.allow]).toEqual([405, 'POST']);
  });
});

describe('explain as the manual says', () => {
  it('can be pasted', async () => {
    const script = recipes('../admin.md', 'sh').find((block) => block.includes('/explain'))!;
    const ACCESS_TOKEN = await world.signed();
    const env = { ...process.env, ASSAY: `${service.managementUrl}/admin/v1`, TOKEN: operator, ACCESS_TOKEN };
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env });
    expect(JSON.parse(stdout)).toMatchObject({ caller: ordersApi.id, verdict: 'active' });
  });
});

describe('INV-01 explain repeats no token', () => {
  const secrets = [...adminSection.tokens.map(({ secret }) => secret), ordersApi.secret, hashKey];
  let said = 0;

  beforeEach(() => {
    said = service.output.length;
  });

  it.each(['active', 'inactive'] as const)(
    'in the answer for one that is %s, nor its subject in logs and audit',
    async (verdict) => {
      const inner = await world.signed();
      const token = await world.signed({ act: inner, tenant: verdict === 'active' ? 'acme' : inner, [inner]: inner });
      const { text, body } = await askToExplain(service, token, ordersApi.id);
      expect(body['verdict']).toBe(verdict);
      const segments = [token, inner].flatMap((each) => each.split('.'));
      expect(leaksIn(text, [...segments, ...secrets])).toEqual([]);
      const written = service.output.slice(said);
      expect(written).toContain('admin_explain');
      expect(leaksIn(written, [...segments, ...secrets, subject, jti])).toEqual([]);
    },
  );

  it('in what is said about a token that is none', async () => {
    const token = `${operator}.secret-of-somebody`;
    const { text } = await askToExplain(service, token, ordersApi.id);
    const refused = await askToExplain(service, token, token);
    expect(leaksIn(text + refused.text + service.output.slice(said), [token, ...secrets])).toEqual([]);
  });
});
