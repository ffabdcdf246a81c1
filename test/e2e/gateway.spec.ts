import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { AssayProcess } from './support/assay-process.js';
import { configurationOf, introspect, issuerSection, ordersApi, probe } from './support/configuration.js';

/** Far more at once than one process answers within the shortest delay that can be configured. */
const CLIENTS = 400;
const ROUNDS = 12;

let issuer: FakeIssuer;
let assay: AssayProcess;
let token: string;

beforeAll(async () => {
  issuer = await FakeIssuer.start();
  assay = await AssayProcess.start((ports) => {
    const server = { trustedProxies: ['127.0.0.1'], limits: { eventLoopDelay: '10ms' } };
    const { callers, ...rest } = configurationOf(ports, [issuerSection('corp', issuer)], server);
    const everything = { issuers: 'any', audiences: 'any', claims: 'any' };
    return {
      ...rest,
      callers: [
        ...callers,
        { id: 'edge', proxy: true, ...everything },
        { id: 'slow', proxy: true, ...everything, rateLimit: { perSecond: 1, burst: 2 } },
      ],
    };
  });
  token = await issuer.sign({ sub: 'alice' });
});

afterAll(async () => {
  await assay.stop();
  await issuer.stop();
});

describe('the endpoints for proxies, of the program itself', () => {
  it('/authorize and ext_authz answer', async () => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${assay.publicUrl}/authorize?caller=edge`, { headers });
    expect([answer.status, answer.headers.get('x-auth-subject')]).toEqual([200, 'alice']);
    const envoy = new EnvoyClient(assay.ports.grpc);
    const verdict = await envoy.check({ token });
    envoy.close();
    expect([verdict.code, verdict.headers['x-auth-subject']]).toEqual(['OK', 'alice']);
  });

  it('X16 a rate limit holds', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await fetch(`${assay.publicUrl}/authorize?caller=slow`)).status);
    expect(statuses).toEqual([401, 401, 429]);
  });
});

/** Asks once on a connection of its own or of the agent. */
function ask(agent: Agent): Promise<{ status: number; body: string; close: boolean; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const credentials = Buffer.from(`${ordersApi.id}:${ordersApi.secret}`).toString('base64');
    const headers = { authorization: `Basic ${credentials}`, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = httpRequest(
      `${assay.publicUrl}/introspect`,
      { method: 'POST', agent, headers },
      (answer: IncomingMessage) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => {
          const { connection, 'retry-after': retryAfter } = answer.headers;
          resolve({ status: answer.statusCode ?? 0, body, close: connection === 'close', retryAfter });
        });
      },
    );
    sent.on('error', reject);
    sent.end(`token=${token}`);
  });
}

describe('J-03 the program under more load than it can bear', () => {
  it('sheds with 503, answers the others rightly, keeps its probes, and recovers', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    const probes: number[] = [];
    const client = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) answers.push(await ask(agent));
    };
    const load = Promise.all(Array.from({ length: CLIENTS }, client));
    for (let i = 0; i < 5; i++) probes.push(await probe(assay, '/livez'));
    await load;
    agent.destroy();

    const shed = answers.filter(({ status }) => status !== 200);
    expect(shed.length).toBeGreaterThan(0);
    expect(shed.length).toBeLessThan(answers.length);
    expect(shed.every(({ status, close, retryAfter }) => status === 503 && close && retryAfter === '1')).toBe(true);
    const served = answers.filter(({ status }) => status === 200);
    expect(served.every(({ body }) => body.startsWith('{"active":true'))).toBe(true);
    expect(new Set(probes)).toEqual(new Set([200]));
    await expect.poll(async () => (await introspect(assay, token)).status, { timeout: 10_000 }).toBe(200);
  });
});
