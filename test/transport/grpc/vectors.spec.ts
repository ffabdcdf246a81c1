import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reception } from '../../endpoints/reception.js';
import { ask } from '../http/support/ask.js';
import { HttpEndpoint } from '../http/support/http-endpoint.js';
import type { RawAnswer } from '../http/support/raw-http.js';
import { basic } from '../http/support/requests.js';
import { tables } from '../../vectors/all-cases.js';
import { GrpcClient, type Outcome } from './support/client.js';
import { GrpcEndpoint } from './support/grpc-endpoint.js';

type Members = Readonly<Record<string, unknown>>;

/** Callers that see less: what is not good for everybody is not good for them. */
const narrowCallers = ['narrow', 'elsewhere'] as const;

let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let client: GrpcClient;

beforeAll(async () => {
  const reception = await Reception.open();
  http = await HttpEndpoint.before(reception);
  grpc = await GrpcEndpoint.before(reception);
  client = new GrpcClient(grpc.port);
});

afterAll(async () => {
  client.close();
  await grpc.close();
  await http.close();
});

/** What the message says, in the words of RFC 7662; proto3 does not tell zero and empty from absent. */
function fromMessage({ answer }: Outcome): unknown {
  if (!answer?.active) return { active: answer?.active };
  const { exp, iat, nbf, clientId, tokenType, claimsJson, ...others } = answer;
  const times = { exp: Number(exp), iat: Number(iat), nbf: Number(nbf) };
  const named = { ...others, client_id: clientId, token_type: tokenType, ...times };
  return { ...withoutEmpty(named), ...(JSON.parse(claimsJson) as object) };
}

/** The same of an answer over HTTP, where a single audience need not be a list. */
function fromJson({ body }: RawAnswer): unknown {
  const { aud = [], exp, iat, nbf, ...others } = JSON.parse(Buffer.from(body, 'latin1').toString()) as Members;
  return { ...others, ...withoutEmpty({ aud: [aud].flat(), exp, iat, nbf }) };
}

function withoutEmpty(members: Members): Members {
  const empty: unknown[] = [undefined, '', 0];
  const isEmpty = (value: unknown): boolean => empty.includes(value) || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

describe.each(Object.entries(tables))('RGRPC-01 R-GUARD-01 HTTP and gRPC against %s', (_table, cases) => {
  const rows = cases.map((vector) => [`${vector.id} ${vector.name}`, vector] as const);

  it.each(rows)('%s', async (_name, vector) => {
    const token = vector.token(grpc.reception.context);
    // An empty token is no token at every endpoint.
    if (token === '') return;
    const callers = ['orders', ...(vector.expect === 'active' ? narrowCallers : [])];
    for (const caller of callers) {
      const authorization = basic(caller);
      const overGrpc = await client.introspect(token, { authorization });
      if (Buffer.byteLength(token) > 60_000) {
        expect(['OK', 'RESOURCE_EXHAUSTED']).toContain(overGrpc.status);
        continue;
      }
      const body = new URLSearchParams({ token }).toString();
      const overHttp = await ask(http, { headers: { Authorization: authorization }, body });
      expect([overHttp.status, overGrpc.status]).toEqual([200, 'OK']);
      expect(fromMessage(overGrpc)).toEqual(fromJson(overHttp));
      if (caller === 'orders') expect(overGrpc.answer?.active).toBe(vector.expect === 'active');
    }
  });
});
