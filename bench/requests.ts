import { grpcRequest } from './load/grpc-connection.ts';

/** Who asks. */
export const caller = { id: 'orders-api', secret: 'orders-secret-Wq7Zt3Lm9XcVb5Nh' };

/** The caller in whose name a proxy asks. */
export const proxiedCaller = 'edge';

/** How a request says who asks, and from where, where it is not as usual. */
export interface Presented {
  /** The `Authorization` header; `undefined` for none. */
  readonly authorization?: string | undefined;
  /** Credentials in the form, encoded. */
  readonly form?: string;
  /** What a proxy says of its client. */
  readonly forwardedFor?: string | undefined;
  /** The `Accept` header; absent: JSON. */
  readonly accept?: string;
}

/** A Basic header of this secret of the caller. */
export function basicOf(secret: string, id = caller.id): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

const basic = basicOf(caller.secret);

/** `POST /introspect` as an HTTP client writes it. */
export function introspectRequest(token: string): Buffer {
  return presentedRequest(token, { authorization: basic });
}

/** The same at the endpoint of another introspection service. */
export function peerRequest(path: string, token: string): Buffer {
  return presentedRequest(token, { authorization: basic }, path);
}

/** The same from somebody else. */
export function presentedRequest(token: string, presented: Presented, path = '/introspect'): Buffer {
  const { authorization, form, forwardedFor, accept = 'application/json' } = presented;
  const body = `token=${token}&token_type_hint=access_token${form === undefined ? '' : `&${form}`}`;
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: assay',
    ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
    ...(forwardedFor === undefined ? [] : [`X-Forwarded-For: ${forwardedFor}`]),
    `Accept: ${accept}`,
    'User-Agent: bench',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** `GET /authorize` as a proxy writes it. */
export function authorizeRequest(token: string): Buffer {
  return proxiedRequest(token, {});
}

/** What of a request to `/authorize` is not as usual. */
export interface Proxied {
  readonly profile?: string;
  /** The scheme under which the token comes. */
  readonly scheme?: 'Bearer' | 'DPoP';
  /** Further headers, as they are written. */
  readonly headers?: readonly string[];
}

/** The same with what clients prove. */
export function proxiedRequest(
  token: string,
  { profile = proxiedCaller, scheme = 'Bearer', headers = [] }: Proxied,
): Buffer {
  const head = [
    `GET /authorize?caller=${profile} HTTP/1.1`,
    'Host: assay',
    `Authorization: ${scheme} ${token}`,
    'Accept: application/json',
    'User-Agent: bench',
    'X-Forwarded-For: 203.0.113.7',
    ...headers,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

/** `assay.v1.Introspection/Introspect`. */
export function introspectCall(token: string): Buffer {
  return presentedCall(token, { authorization: basic });
}

/** The same from somebody else. */
export function presentedCall(token: string, presented: Presented): Buffer {
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
      ['authorization', presented.authorization ?? basic],
      ...(presented.forwardedFor === undefined ? [] : [['x-forwarded-for', presented.forwardedFor] as const]),
    ],
    message,
  );
}
