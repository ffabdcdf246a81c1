import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminSection, AdminService, viewer } from '../admin/support/admin-world.js';
import { explain } from '../admin/support/explanations.js';
import { Directory } from '../config/support/directory.js';
import { callerSection, ordersApi } from '../e2e/support/configuration.js';
import { amazon } from './amazon.js';
import { google } from './google.js';
import { hosted } from './hosted.js';
import { kubernetes } from './kubernetes.js';
import { microsoft } from './microsoft.js';
import { pipelines } from './pipelines.js';
import { selfHosted } from './self-hosted.js';
import { workloads } from './workloads.js';
import { ScriptedProvider } from './support/scripted-provider.js';

const rows = [...microsoft, ...amazon, ...hosted, ...google, ...pipelines, ...kubernetes, ...selfHosted, ...workloads];

/** Sees what RFC 7662 defines, and none of the further claims of a token. */
const reader = 'reader';
const seen = ['sub', 'nbf', 'jti', 'scope', 'username'];
const { id, secret } = ordersApi;
const callers = [callerSection(id, secret), { ...callerSection(reader, secret), claims: seen }];
const server = {
  identifier: 'https://assay.example',
  http: { port: 0 },
  management: { port: 0 },
  grpc: { enabled: false },
};

describe.each(rows)('$preset', (row) => {
  let provider: ScriptedProvider;
  let service: AdminService;

  beforeAll(async () => {
    provider = await ScriptedProvider.start(row);
    service = await AdminService.start([provider.registration], { admin: adminSection, callers, server });
  });

  afterAll(async () => {
    await service.stop();
    await provider.stop();
  });

  it.each(row.accepted)('a token is active and answered as it is documented: $what', async ({ answer, ...issued }) => {
    const { token, claims } = provider.issue(issued);
    const { iss, iat, exp } = claims;
    const usual = { active: true, ...(iss !== undefined && { iss }), iat, exp, token_type: 'Bearer' };
    expect(await service.introspect(token, reader)).toEqual({ ...usual, ...answer });
    expect((await service.introspect(token))['client_id']).toBe(answer['client_id']);
  });

  it.each(row.refused)('is inactive, and an operator gets to know why: $what', async (refused) => {
    const token = provider.instead(refused);
    expect(await service.introspect(token)).toEqual({ active: false });
    const { rejection } = await explain(service, token);
    expect(rejection).toMatchObject({ code: refused.code });
    expect((rejection as { hints?: readonly string[] }).hints ?? []).toContainEqual(
      expect.stringContaining(refused.hint),
    );
  });

  it('is shown to operators as it is in force, and is no secret', async () => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/provider', { token: viewer });
    const { rules = [], ...written } = provider.registration;
    expect(body).toMatchObject({ preset: row.preset, registration: written });
    const { registration } = body as { registration: { rules: unknown[]; algorithms: unknown } };
    expect(registration.rules).toEqual(expect.arrayContaining(rules as unknown[]));
    expect(registration.algorithms).toContain(row.alg);
  });
});

it('names the file of a bearer token to operators, and never shows the token', async () => {
  const directory = await Directory.create();
  await directory.write('pod-token', 'secret.bearer.token');
  const bearerTokenFile = join(directory.path, 'pod-token');
  const audiences = ['https://orders.corp.example'];
  const issuer = 'https://kubernetes.default.svc.cluster.local';
  const section = { id: 'k8s', preset: 'kubernetes', issuer, audiences, network: { bearerTokenFile } };
  const service = await AdminService.start([section], { admin: adminSection, callers, server });
  const { text, body } = await service.ask('GET', '/admin/v1/issuers/k8s', { token: viewer });
  await service.stop();
  await directory.remove();
  expect(body).toMatchObject({
    preset: 'kubernetes',
    registration: { requiredClaims: ['sub'], network: { bearerTokenFile } },
  });
  expect(text + service.output).not.toContain('secret.bearer.token');
});
