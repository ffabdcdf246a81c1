import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminSection, AdminService, FakeIssuer, viewer } from '../admin/support/admin-world.js';
import { issuerSection, ordersApi } from '../e2e/support/configuration.js';

const TOKENS = 100_000;
const LINES = 24;

describe('a flood of forged tokens at /revoke', () => {
  let issuer: FakeIssuer;
  let service: AdminService;

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    const callers = [
      { id: ordersApi.id, secrets: [ordersApi.secret], issuers: 'any', audiences: 'any', claims: 'any', revoke: 'any' },
    ];
    service = await AdminService.start([issuerSection('corp', issuer)], { admin: adminSection, callers });
  });

  afterAll(async () => {
    await service.stop();
    await issuer.stop();
  });

  it('REV-08 writes nothing, and has no more keys fetched than the budget allows', async () => {
    const genuine = await issuer.sign({ jti: 'genuine' });
    expect(await service.isActive(genuine)).toBe(true);
    const [header = '', , signature = ''] = genuine.split('.');
    const stranger = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'nobody', typ: 'at+jwt' })).toString('base64url');
    const claims = JSON.parse(Buffer.from(genuine.split('.')[1] ?? '', 'base64url').toString()) as object;
    const forged = (n: number): string => {
      const payload = Buffer.from(JSON.stringify({ ...claims, jti: `forged ${n}` })).toString('base64url');
      return `${n % 100 === 0 ? stranger : header}.${payload}.${signature}`;
    };
    const [fetchedBefore, answers] = [issuer.keySetRequests, new Map<number, number>()];
    const agent = new Agent({ keepAlive: true, maxSockets: LINES });
    const url = service.publicUrl;
    let next = 0;
    const line = async (): Promise<void> => {
      while (next < TOKENS) {
        const status = await post(url, agent, forged(next++));
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: LINES }, line));
    agent.destroy();

    // Where an unknown key cannot be asked for any more, nobody can know: that is 503, and nothing is written either.
    expect([...answers.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(answers.get(200)).toBeGreaterThanOrEqual(0.99 * TOKENS);
    const { body } = await service.ask('GET', '/admin/v1/issuers/corp/revocations', { token: viewer });
    expect(body['revocations']).toEqual([]);
    expect(issuer.keySetRequests - fetchedBefore).toBeLessThanOrEqual(15);
    expect(await service.isActive(genuine)).toBe(true);
  }, 300_000);
});

function post(url: string, agent: Agent, token: string): Promise<number> {
  const form = new URLSearchParams({ token }).toString();
  const headers = {
    authorization: `Basic ${Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(form.length),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/revoke`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    asked.on('error', reject).end(form);
  });
}
