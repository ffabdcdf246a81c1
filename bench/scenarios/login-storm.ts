import { Assay, identifier, operatorToken, staticIssuer } from '../harness/assay.ts';
import { percentile } from '../harness/statistics.ts';
import { RunningStorm } from '../harness/storm.ts';
import { whole } from '../harness/words.ts';
import { GrpcConnection } from '../load/grpc-connection.ts';
import { HttpConnection } from '../load/http-connection.ts';
import type { Connection, Verdict } from '../load/connection.ts';
import { basicOf, caller, presentedCall, presentedRequest, type Presented } from '../requests.ts';
import type { Effort, Row, Scenario } from '../scenario.ts';
import { aSigner, forged, signAssertion, signToken } from '../tokens.ts';

const WRONG_PER_SECOND = 2_000;
const RIGHT_PER_SECOND = 100;
const LONGEST_P99_MS = 100;

/** From where the storm comes, and the caller with it: it has one of these addresses. */
interface Origin {
  readonly name: string;
  /** Own addresses of the connections. */
  readonly peers: readonly string[];
  /** What the proxy says, where there is one: Assay trusts 127.0.0.1. */
  readonly clients: readonly (string | undefined)[];
}

const proxies = Array.from({ length: 64 }, () => '127.0.0.1');
const addresses = Array.from({ length: 1_000 }, (_, i) => `${i >> 8}.${i & 255}`);

const origins: readonly Origin[] = [
  { name: 'one address', peers: Array.from({ length: 64 }, () => '127.0.0.2'), clients: [undefined] },
  { name: '1,000 addresses', peers: addresses.map((rest) => `127.1.${rest}`), clients: [undefined] },
  { name: 'one address behind a trusted proxy', peers: proxies, clients: ['198.18.0.1'] },
  {
    name: '1,000 addresses behind a trusted proxy',
    peers: proxies,
    clients: addresses.map((rest) => `198.18.${rest}`),
  },
];

/** One way in. */
interface Endpoint {
  readonly name: string;
  readonly protocol: 'http' | 'grpc';
  readonly port: (assay: Assay) => number;
  readonly right: (serial: number, from: Presented) => Buffer;
  readonly wrong: (from: Presented) => Buffer;
  /** What a right answer is for the connection. */
  readonly isRight: (verdict: Verdict) => boolean;
}

const issuer = aSigner('ES256');
const signing = aSigner('ES256', 'signing');
const token = signToken(issuer, 0);
const wrongBasic = basicOf('a-wrong-secret-of-the-same-caller');
const wrongAssertion = forged(signAssertion(signing, identifier, 'forged'));

function asserting(assertion: string): string {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return `client_assertion=${assertion}&client_assertion_type=${encodeURIComponent(type)}`;
}

function adminRequest(presented: string): Buffer {
  const head = ['GET /admin/v1/issuers HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${presented}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

const isActive = (verdict: Verdict): boolean => verdict === 'active';

const endpoints: readonly Endpoint[] = [
  {
    name: 'secrets over HTTP',
    protocol: 'http',
    port: ({ ports }) => ports.http,
    right: (_, from) => presentedRequest(token, { ...from, authorization: basicOf(caller.secret) }),
    wrong: (from) => presentedRequest(token, { ...from, authorization: wrongBasic }),
    isRight: isActive,
  },
  {
    name: 'assertions over HTTP',
    protocol: 'http',
    port: ({ ports }) => ports.http,
    right: (serial, from) =>
      presentedRequest(token, { ...from, form: asserting(signAssertion(signing, identifier, `${serial}`)) }),
    wrong: (from) => presentedRequest(token, { ...from, form: asserting(wrongAssertion) }),
    isRight: isActive,
  },
  {
    name: 'secrets over gRPC',
    protocol: 'grpc',
    port: ({ ports }) => ports.grpc,
    right: (_, from) => presentedCall(token, { ...from, authorization: basicOf(caller.secret) }),
    wrong: (from) => presentedCall(token, { ...from, authorization: wrongBasic }),
    isRight: isActive,
  },
  {
    name: 'operator tokens',
    protocol: 'http',
    port: ({ ports }) => ports.management,
    right: () => adminRequest(operatorToken),
    wrong: () => adminRequest('a-wrong-operator-token-of-nobody'),
    isRight: (verdict) => verdict === 'answered',
  },
];

/** Right credentials beside a storm of wrong ones under the same id, from the same addresses, just after a start. */
export const loginStorm: Scenario = {
  name: 'login-storm',
  async run(effort: Effort): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const endpoint of endpoints) for (const origin of origins) rows.push(await weather(endpoint, origin, effort));
    return rows;
  },
};

async function weather(endpoint: Endpoint, origin: Origin, effort: Effort): Promise<Row> {
  const callers = [
    { id: caller.id, secrets: [caller.secret], issuers: 'any', audiences: 'any', claims: 'any' },
    {
      id: signing.issuer,
      assertion: { jwks: { keys: [signing.key.jwk] } },
      issuers: 'any',
      audiences: 'any',
      claims: 'any',
    },
  ];
  const assay = await Assay.start([staticIssuer('corp', issuer)], { callers });
  try {
    const job = {
      protocol: endpoint.protocol,
      port: endpoint.port(assay),
      addresses: origin.peers,
      perSecond: WRONG_PER_SECOND,
    };
    const requests = origin.clients.map((forwardedFor) => endpoint.wrong({ forwardedFor }));
    const storm = await RunningStorm.begin(job, requests);
    const cpuBefore = await assay.child.cpuMs();
    const stormy = await ask(endpoint, assay, origin, effort);
    const cpuMs = (await assay.child.cpuMs()) - cpuBefore;
    const answers = await storm.end();
    const calm = await ask(endpoint, assay, origin, effort);
    const said = Object.entries(answers).map(([verdict, times]) => `${whole(times / stormy.seconds)}/s ${verdict}`);
    return {
      measure: `${endpoint.name}, ${whole(WRONG_PER_SECOND)}/s wrong ones from ${origin.name}`,
      assay: `p99 ${stormy.p99Ms.toFixed(1)} ms, refused ${stormy.refused} of ${stormy.asked} (wrong: ${said.join(', ')}; ${(cpuMs / stormy.seconds / 10).toFixed(0)} % of a processor)`,
      baseline: `without them: p99 ${calm.p99Ms.toFixed(1)} ms`,
      result: `${stormy.p99Ms.toFixed(0)} ms, ${stormy.refused} refused`,
      target: `≤ ${LONGEST_P99_MS} ms, 0 refused`,
      isMet: stormy.p99Ms <= LONGEST_P99_MS && stormy.refused === 0,
    };
  } finally {
    await assay.stop();
  }
}

interface Asked {
  readonly asked: number;
  readonly refused: number;
  readonly p99Ms: number;
  readonly seconds: number;
}

/** Asks with right credentials at regular times, and counts the time from when it was due (no coordinated omission). */
async function ask(
  endpoint: Endpoint,
  assay: Assay,
  { peers, clients }: Origin,
  { seconds, rounds }: Effort,
): Promise<Asked> {
  const times = Math.max(RIGHT_PER_SECOND, Math.round(seconds * rounds * RIGHT_PER_SECOND));
  const from = { forwardedFor: clients[0] };
  const requests = Array.from({ length: times }, (_, i) => endpoint.right(serial + i, from));
  serial += times;
  const startMs = performance.now();
  const idle: Connection[] = [];
  const answers = requests.map(async (request, i) => {
    const dueMs = startMs + (i * 1000) / RIGHT_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
    const connection = idle.pop() ?? (await connect(endpoint, assay, peers[0]));
    const isRight = await new Promise<boolean>((resolve) => {
      connection.onVerdict = (verdict) => {
        resolve(endpoint.isRight(verdict));
      };
      connection.send(request);
    });
    idle.push(connection);
    return { isRight, tookMs: performance.now() - dueMs };
  });
  const all = await Promise.all(answers);
  for (const connection of idle) connection.close();
  const sorted = Float64Array.from(all, ({ tookMs }) => tookMs).sort();
  const refused = all.filter(({ isRight }) => !isRight).length;
  return { asked: times, refused, p99Ms: percentile(sorted, 0.99), seconds: (performance.now() - startMs) / 1000 };
}

/** Each assertion is used once. */
let serial = 0;

function connect(endpoint: Endpoint, assay: Assay, address: string | undefined): Promise<Connection> {
  const port = endpoint.port(assay);
  return (
    endpoint.protocol === 'http' ? new HttpConnection(port, address) : new GrpcConnection(port, address)
  ).opened();
}
