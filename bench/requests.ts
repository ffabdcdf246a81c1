import { grpcRequest } from './load/grpc-connection.ts';

/** Who asks. */
export const caller = { id: 'orders-api', secret: 'orders-secret-Wq7Zt3Lm9XcVb5Nh' };

/** The caller in whose name a proxy asks. */
export const proxiedCaller = 'edge';

const basic = `Basic ${Buffer.from(`${caller.id}:${caller.secret}`).toString('base64')}`;

/** `POST /introspect` as an HTTP client writes it. */
export function introspectRequest(token: string): Buffer {
  const body = `token=${token}&token_type_hint=access_token`;
  const head = [
    'POST /introspect HTTP/1.1',
    'Host: assay',
    `Authorization: ${basic}`,
    'Accept: application/json',
    'User-Agent: bench',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** `GET /authorize` as a proxy writes it. */
export function authorizeRequest(token: string): Buffer {
  const head = [
    `GET /authorize?caller=${proxiedCaller} HTTP/1.1`,
    'Host: assay',
    `Authorization: Bearer ${token}`,
    'Accept: application/json',
    'User-Agent: bench',
    'X-Forwarded-For: 203.0.113.7',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

/** `assay.v1.Introspection/Introspect`. */
export function introspectCall(token: string): Buffer {
  const octets = Buffer.from(token);
  // Field 1, of a length that takes two octets.
  const message = Buffer.concat([Buffer.from([10, (octets.length & 127) | 128, octets.length >> 7]), octets]);
  return grpcRequest(
    [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', '/assay.v1.Introspection/Introspect'],
      [':authority', 'assay'],
      ['content-type', 'application/grpc'],
      ['te', 'trailers'],
      ['user-agent', 'bench'],
      ['authorization', basic],
    ],
    message,
  );
}
