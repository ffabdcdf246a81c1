import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Explainer } from '../../src/admin/explain/explainer.js';
import { AllEndpoints } from '../endpoints/all-endpoints.js';
import { authorize, identityOf } from '../gateway/support/authorize.js';
import { ask } from '../transport/http/support/ask.js';
import { basic } from '../transport/http/support/requests.js';
import { aCaller, opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { RecordingUpstream } from './support/recording-upstream.js';
import { text } from './support/three-issuers.js';

let upstream: RecordingUpstream;
let world: OpaqueWorld;
let all: AllEndpoints;

beforeAll(async () => {
  upstream = await RecordingUpstream.open();
  const byHint = opaqueIssuer('okta', upstream.endpoint);
  const byPrefix = opaqueIssuer('zitadel', upstream.endpoint, { match: { prefix: 'zt_v1_' } });
  world = await OpaqueWorld.open([byPrefix, byHint], [aCaller('orders')]);
  all = await AllEndpoints.open({ introspector: world.introspector });
});

afterAll(async () => {
  await all.close();
  await world.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.received.length = 0;
  upstream.behave = () => world.good({ jti: 'jti-canary', scope: 'read write' });
  all.reception.audit.records.length = 0;
  all.reception.audit.isSampling = true;
});

const token = (): string => `zt_v1_${text()}`;
const form = (asked: string, hint?: string) => `token=${asked}${hint === undefined ? '' : `&issuer_hint=${hint}`}`;

describe('every endpoint judges opaque tokens', () => {
  it('POST /introspect', async () => {
    const { status, body } = await ask(all.http, { body: form(token()) });
    expect([status, JSON.parse(body)]).toMatchObject([
      200,
      { active: true, sub: 'alice', iss: 'https://zitadel.example' },
    ]);
    const hinted = await ask(all.http, { body: form(text(), 'okta') });
    expect(JSON.parse(hinted.body)).toMatchObject({ active: true, iss: 'https://okta.example' });
  });

  it('assay.v1.Introspection', async () => {
    const answer = await all.client.introspect(token(), { authorization: basic('orders') });
    expect(answer).toMatchObject({ answer: { active: true, sub: 'alice' } });
    const hinted = await all.client.introspect(text(), { authorization: basic('orders'), issuerHint: 'okta' });
    expect(hinted).toMatchObject({ answer: { active: true, iss: 'https://okta.example' } });
    const unhinted = await all.client.introspect(text(), { authorization: basic('orders') });
    expect(unhinted).toMatchObject({ answer: { active: false } });
  });

  it('/authorize', async () => {
    const answer = await authorize(all.http, { token: token() });
    expect(answer.status).toBe(200);
    expect(identityOf(answer)).toMatchObject({ 'x-auth-subject': 'alice', 'x-auth-issuer': 'https://zitadel.example' });
    expect((await authorize(all.http, { token: token(), query: 'caller=edge&scope=admin' })).status).toBe(403);
  });

  it('Envoy ext_authz', async () => {
    const answer = await all.envoy.check({ token: token(), extensions: { caller: 'edge' } });
    expect(JSON.stringify(answer)).toContain('alice');
  });
});

describe('an outage of the issuer', () => {
  it('is 503 at /introspect and /authorize, and never a verdict', async () => {
    upstream.behave = () => 'broken';
    expect((await ask(all.http, { body: form(token()) })).status).toBe(503);
    expect((await authorize(all.http, { token: token() })).status).toBe(503);
    expect(all.reception.audit.records).toEqual([]);
    upstream.behave = () => ({ active: false });
    const inactive = await ask(all.http, { body: form(token()) });
    expect(inactive.body).toBe('{"active":false}');
  });
});

it('INV-01 nothing of a token is in the log, the audit trail or the metrics; the audit trail says who vouched for it', async () => {
  const secrets = [token(), token(), text()] as const;
  await ask(all.http, { body: form(secrets[0]) });
  upstream.behave = () => ({ ...world.good(), iss: 'https://canary-issuer.example' });
  await ask(all.http, { body: form(secrets[1]) });
  await ask(all.http, { body: form(secrets[2]) });
  const { audit, log } = all.reception;
  const written = [audit.records, world.context.logger.lines, world.context.audit.records];
  const everything = log + JSON.stringify(written) + (await world.telemetry.reader.scrape());
  expect(everything).toContain('assay_upstream_introspections_total{issuer="zitadel"');
  for (const secret of [...secrets, 'jti-canary', 'canary-issuer', 'secret-of-zitadel'])
    expect(everything).not.toContain(secret.replace('zt_v1_', ''));
  expect(audit.records[0]?.fields).toMatchObject({
    verdict: 'active',
    issuer: 'zitadel',
    vouchedBy: 'introspection',
    jtiHash: audit.hashOf('jti-canary'),
  });
});

describe('explain', () => {
  const explain = (asked: string): Promise<Readonly<Record<string, unknown>>> =>
    world.context.module
      .get(Explainer, { strict: false })
      .explain({ id: 'admin' } as never, { token: asked, caller: 'orders' });

  it('shows whom a rule has found, and that it was asked', async () => {
    const { verdict, steps } = await explain(token());
    expect(verdict).toBe('active');
    expect(steps).toContainEqual({ step: 'route', outcome: 'passed', issuer: 'zitadel', rule: 'prefix' });
    expect(steps).toContainEqual({
      step: 'upstream',
      outcome: 'passed',
      issuer: 'zitadel',
      by: 'introspection',
      origin: 'issuer',
    });
  });

  it('shows where it ended', async () => {
    expect(await explain(text())).toMatchObject({
      verdict: 'inactive',
      rejection: { code: 'opaque_unroutable', step: 'route' },
    });
    upstream.behave = () => ({ active: false });
    expect(await explain(token())).toMatchObject({ rejection: { code: 'opaque_inactive', step: 'upstream' } });
    upstream.behave = () => 'broken';
    expect(await explain(token())).toMatchObject({ verdict: 'unknown', unavailable: { retryAfterSeconds: 1 } });
  });
});
