import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { framed, rawCall, requestBytes } from '../transport/grpc/support/raw-call.js';
import { Authority, type Credential } from '../transport/http/support/certificates.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { answersIn, exchange } from '../transport/http/support/raw-http.js';
import { request } from '../transport/http/support/requests.js';
import { authenticationTable, type AuthenticationCase, type Presented, type Shown } from './authentication-table.js';
import { Reception } from './reception.js';

const spiffeId = [{ type: 'url' as const, value: 'spiffe://corp.example/orders' }];

let ours: Authority;
let shown: Readonly<Record<Shown, Credential>>;
let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;

beforeAll(async () => {
  ours = await Authority.named('corp');
  shown = {
    ours: await ours.issue('orders', spiffeId, 'client'),
    server: await ours.issue('orders', spiffeId, 'server'),
    strange: await (await Authority.named('other')).issue('orders', spiffeId, 'client'),
  };
  const server = await ours.issue('assay', [{ type: 'ip', value: '127.0.0.1' }], 'server');
  const tls = { ...server, clientAuthorities: ours.certificate };
  reception = await Reception.open();
  http = await HttpEndpoint.before(reception, { tls });
  grpc = await GrpcEndpoint.before(reception, { tls });
});

afterAll(async () => {
  await http.close();
  await grpc.close();
});

/** @returns the status of the answer */
async function overHttp({ authorization, certificate }: Presented, token: string): Promise<number | undefined> {
  const own = certificate && { cert: shown[certificate].certificate, key: shown[certificate].key };
  const socket = connect({ port: http.port, host: '127.0.0.1', ca: ours.certificate, ...own });
  const headers = { Authorization: authorization, Connection: 'close' };
  const bytes = await exchange(socket, request({ headers, body: `token=${token}` }), false);
  return answersIn(bytes)[0]?.status;
}

/** @returns the status of the call */
async function overGrpc({ authorization, certificate }: Presented, token: string): Promise<string | undefined> {
  const own = certificate && { cert: shown[certificate].certificate, key: shown[certificate].key };
  // Not through the library: it does not send two of what should be one.
  const parts = { headers: { authorization }, body: framed(requestBytes(token)) };
  return (await rawCall(grpc.port, parts, { ca: ours.certificate, ...own })).status;
}

describe('one table of caller authentication', () => {
  const rows = authenticationTable.map((row) => [row.name, row] as const);
  const tokenOf = ({ token }: AuthenticationCase): string =>
    token?.(reception.context) ?? reception.context.good.build();

  it.each(rows)('over HTTP: %s', async (_name, row) => {
    const before = reception.introspected;
    expect(await overHttp(row.present(reception.context), tokenOf(row))).toBe(row.http);
    expect(reception.introspected - before).toBe(row.http === 200 ? 1 : 0);
  });

  it.each(rows)('RGRPC-01 over gRPC: %s', async (_name, row) => {
    const before = reception.introspected;
    expect(await overGrpc(row.present(reception.context), tokenOf(row))).toBe(row.grpc);
    expect(reception.introspected - before).toBe(row.grpc === 'OK' ? 1 : 0);
  });
});
