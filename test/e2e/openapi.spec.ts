import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey } from '../builders/a-key.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, emptyDirectory, type Ports } from './support/assay-process.js';
import { callerSection, configurationOf, issuerSection, ordersApi } from './support/configuration.js';
import { DocumentedApi, type DocumentedOperation, type GivenAnswer } from './support/documented-api.js';
import { answerTo, exampleOf, requestsFor, type MadeRequest } from './support/documented-requests.js';

const operator = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';
const viewer = 'viewer-token-Wq7Zt3Lm9XcVb5NhTy2K';
const transmitter = 'transmitter-secret-Vb5NhWq7Zt3Lm9Xc';

/** Requests for each endpoint. */
const RUNS = 100;

/** What one program alone, without other replicas and real providers, cannot be brought to do by what the document says. */
const neverGranted: ReadonlySet<string> = new Set(['receiveLogout', 'receiveEvent', 'dropReplica', 'allowRevoked']);

/** What operators do may end all tokens of an issuer. */
function harmlessFirst(operations: readonly DocumentedOperation[]): readonly DocumentedOperation[] {
  return operations.toSorted((one, other) => other.listener.localeCompare(one.listener));
}

describe('requests that are made from /openapi.json, to the built program', () => {
  let issuer: FakeIssuer;
  let away: FakeIssuer;
  let assay: AssayProcess;
  let api: DocumentedApi;
  let tools: Parameters<typeof requestsFor>[2];
  const answers = new Map<string, GivenAnswer[]>();

  const configure = (ports: Ports) => {
    const identifier = `http://127.0.0.1:${ports.http}`;
    const signing = { keys: [{ id: 'a', keyFile: 'a.pem', alg: 'ES256', use: 'signing' }] };
    const server = { identifier, signing, trustedProxies: ['127.0.0.1/32'] };
    const issuers = [issuerSection('corp', issuer), issuerSection('away', away)];
    const shop = { id: 'shop', proxy: true, issuers: 'any', audiences: 'any', claims: 'any' };
    return {
      ...configurationOf(ports, issuers, server),
      callers: [
        { ...callerSection(ordersApi.id, ordersApi.secret), revoke: 'any' },
        { ...shop, resource: 'https://api.corp.example/orders' },
        { ...shop, id: 'whole', resource: 'https://api.corp.example' },
        ...[2, 3, 4, 5, 6, 7, 8].map((count) => ({
          ...shop,
          id: `deep-${count}`,
          resource: `https://api.corp.example${'/orders'.repeat(count)}`,
        })),
      ],
      signals: [
        {
          id: 'corp',
          issuer: 'corp',
          backchannelLogout: { audience: 'shop' },
          audience: 'https://assay.example',
          push: { secret: transmitter },
        },
      ],
      admin: {
        tokens: [
          { id: 'acting', secret: operator, role: 'operator' },
          { id: 'watching', secret: viewer, role: 'viewer' },
        ],
      },
    };
  };

  beforeAll(async () => {
    [issuer, away] = await Promise.all([FakeIssuer.start(), FakeIssuer.start()]);
    away.behave('/.well-known/openid-configuration', (_request, response) => response.writeHead(500).end());
    const directory = await emptyDirectory();
    await writeFile(join(directory, 'a.pem'), aKey('ES256').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    assay = await AssayProcess.start(configure, { directory });
    const response = await fetch(`${assay.managementUrl}/openapi.json`);
    api = new DocumentedApi((await response.json()) as Record<string, unknown>);
    const [ended, unknowable] = [await issuer.sign({ exp: 1 }), await away.sign()];
    const goodAnd = async (jti: string) => {
      const good = await issuer.sign({ scope: 'orders:read', jti });
      return [good, good, ended, unknowable, `${good}x`, '', 'opaque'];
    };
    // Some of the requests revoke tokens: those of proxies are others.
    const [tokens, proxied] = [await goodAnd('asked about'), await goodAnd('proxied')];
    const basic = (secret: string) => `Basic ${Buffer.from(`${ordersApi.id}:${secret}`).toString('base64')}`;
    tools = {
      pools: {
        token: tokens,
        id: ['corp', 'corp', 'away', 'nobody'],
        caller: ['orders-api', 'shop', 'whole', 'nobody'],
        client_id: [ordersApi.id, 'nobody'],
        client_secret: [ordersApi.secret, 'wrong'],
        // A place that is ahead is waited for, and so is an event.
        after: ['0', '-1', '1.5', 'x'],
        wait: ['0', '31', 'x'],
      },
      authorizations: {
        callerBasic: [basic(ordersApi.secret), basic(ordersApi.secret), basic('wrong'), 'Basic !'],
        callerBearer: ['Bearer opaque'],
        clientToken: proxied.map((token) => `Bearer ${token}`),
        transmitterSecret: [`Bearer ${transmitter}`, 'Bearer wrong'],
        adminToken: [`Bearer ${operator}`, `Bearer ${operator}`, `Bearer ${viewer}`, 'Bearer wrong'],
      },
    };
  });

  afterAll(async () => {
    await assay.stop();
    await Promise.all([issuer.stop(), away.stop()]);
  });

  /** Sends it, and looks at the answer: nothing of ours may break, and everything that is said is documented. */
  async function judge(operation: DocumentedOperation, request: MadeRequest): Promise<GivenAnswer> {
    const base = operation.listener === 'public' ? assay.publicUrl : assay.managementUrl;
    const answer = await answerTo(base, request);
    answers.set(operation.operationId, [...(answers.get(operation.operationId) ?? []), answer]);
    const isOurFault = answer.status >= 500 && !(answer.status === 503 && '503' in operation.responses);
    const problems = api.problemsOf(operation, answer);
    expect({ isOurFault, problems }, `${request.method} ${request.target} ${request.body ?? ''}`).toEqual({
      isOurFault: false,
      problems: [],
    });
    return answer;
  }

  it('its own examples are answered as it says', async () => {
    const good: Readonly<Record<string, string | undefined>> = Object.fromEntries(
      Object.entries(tools.authorizations).map(([way, [first]]) => [way, first]),
    );
    for (const operation of harmlessFirst(api.operations)) {
      const [way = ''] = operation.security.flatMap((each) => Object.keys(each));
      await judge(operation, exampleOf(operation, tools.pools, good[way]));
    }
    expect(answers.size).toBeGreaterThan(30);
  });

  it('whatever is asked, nothing breaks, and no answer is one that is not described', async () => {
    for (const operation of harmlessFirst(api.operations)) {
      const requests = requestsFor(operation, api, tools);
      const property = fc.asyncProperty(requests, async (request) => {
        await judge(operation, request);
      });
      await fc.assert(property, { numRuns: RUNS, seed: 20_261_130, endOnFailure: true });
    }
  });

  it('what cannot be known is the 503 that is documented', async () => {
    const unknowable = await away.sign();
    const pools = { ...tools.pools, token: [unknowable] };
    for (const id of ['introspect', 'revoke', 'authorize']) {
      const operation = api.operations.find(({ operationId }) => operationId === id)!;
      const [basic] = tools.authorizations['callerBasic'] ?? [];
      const credentials = id === 'authorize' ? `Bearer ${unknowable}` : basic;
      expect((await judge(operation, exampleOf(operation, pools, credentials))).status, id).toBe(503);
    }
  });

  it('what is granted was among them, of every endpoint that one program alone can grant', () => {
    const granted = api.operations.filter(({ operationId }) =>
      answers.get(operationId)?.some(({ status }) => status < 400),
    );
    const refused = api.operations.filter((each) => !granted.includes(each));
    expect(refused.map(({ operationId }) => operationId).sort()).toEqual([...neverGranted].sort());
    const statuses = new Set(answers.get('revokeOfIssuer')?.map(({ status }) => status));
    expect([...statuses]).toEqual(expect.arrayContaining([201, 400, 401, 403, 422]));
  });
});
