import { basic } from '../transport/http/support/requests.js';
import { AUDIENCE } from '../vectors/world.js';
import type { VectorContext } from '../vectors/vector.js';
import { IDENTIFIER } from './reception.js';

/** Certificates that a caller may show: of ours for a client, of a stranger's authority, of ours for a server. */
export type Shown = 'ours' | 'strange' | 'server';

/** What a request says about who is asking. */
export interface Presented {
  /** An array sends the header, or the metadata, several times. */
  readonly authorization?: string | readonly string[];
  readonly certificate?: Shown;
}

/** One way to ask, and how every endpoint answers a good token to whoever asks so. */
export interface AuthenticationCase {
  readonly name: string;
  readonly present: (context: VectorContext) => Presented;
  /** The token under test; default: a good one. */
  readonly token?: (context: VectorContext) => string;
  readonly http: 200 | 400 | 401;
  readonly grpc: 'OK' | 'INVALID_ARGUMENT' | 'UNAUTHENTICATED' | 'PERMISSION_DENIED';
}

const served = { http: 200, grpc: 'OK' } as const;
const unknown = { http: 401, grpc: 'UNAUTHENTICATED' } as const;
const unreadable = { http: 400, grpc: 'INVALID_ARGUMENT' } as const;

const header = (authorization: string | readonly string[]) => () => ({ authorization });
const showing = (certificate: Shown, authorization?: string) => () => ({
  certificate,
  ...(authorization !== undefined && { authorization }),
});

/** A token with which the caller `workload` says who it is; it would also pass as a token under test. */
const workloadToken = ({ good }: VectorContext): string =>
  good.for([IDENTIFIER, AUDIENCE]).with({ sub: 'workload' }).build();

const bearer = (token: (context: VectorContext) => string) => (context: VectorContext) => ({
  authorization: `Bearer ${token(context)}`,
});

/** Caller authentication, the same over both transports (style defect 15). */
export const authenticationTable: readonly AuthenticationCase[] = [
  { name: 'X01 a right secret', present: header(basic()), ...served },
  { name: 'X01 a good bearer token', present: bearer(workloadToken), ...served },
  { name: 'X01 a certificate of ours', present: showing('ours'), ...served },
  { name: 'X01 a right secret beside a certificate of ours', present: showing('ours', basic()), ...served },
  { name: 'I-07 a right secret beside a strange certificate', present: showing('strange', basic()), ...served },
  { name: 'X04 no credentials', present: () => ({}), ...unknown },
  { name: 'X06 an unknown client id', present: header(basic('nobody')), ...unknown },
  { name: 'X06 a wrong secret', present: header(basic('orders', 'wrong')), ...unknown },
  { name: 'X06 a wrong secret beside a certificate', present: showing('ours', basic('orders', 'wrong')), ...unknown },
  { name: 'X06 an empty secret', present: header(basic('orders', '')), ...unknown },
  { name: 'X06 a caller that has no secret', present: header(basic('mesh')), ...unknown },
  { name: 'X06 something that is not base64', present: header('Basic ***'), ...unknown },
  { name: 'X06 I-07 a certificate of another authority', present: showing('strange'), ...unknown },
  { name: 'X06 I-07 a certificate that is not for clients', present: showing('server'), ...unknown },
  { name: 'X07 a bearer token that is not one', present: header('Bearer opaque'), ...unknown },
  {
    name: 'X07 a bearer token of a subject that is no caller',
    present: bearer(({ good }) => good.for(IDENTIFIER).with({ sub: 'nobody' }).build()),
    ...unknown,
  },
  {
    name: 'X07 a bearer token that has expired',
    present: bearer(({ good, now }) => good.for(IDENTIFIER).with({ sub: 'workload' }).expiredAt(now).build()),
    ...unknown,
  },
  {
    name: 'X07 a bearer token for somebody else',
    present: bearer(({ good }) => good.for(AUDIENCE).with({ sub: 'workload' }).build()),
    ...unknown,
  },
  {
    name: 'R7662-19 a bearer token that vouches for itself',
    present: bearer(workloadToken),
    token: workloadToken,
    ...unknown,
  },
  { name: 'X08 a caller without any right', present: header(basic('idle')), http: 401, grpc: 'PERMISSION_DENIED' },
  { name: 'H-16 the same credentials twice', present: header([basic(), basic()]), ...unreadable },
  { name: 'H-16 right ones first, then others', present: header([basic(), 'Bearer abc']), ...unreadable },
  { name: 'H-16 others first, then right ones', present: header(['Digest x', basic()]), ...unreadable },
  { name: 'H-16 two joined by a comma', present: header(`${basic()}, Bearer abc`), ...unreadable },
  { name: 'H-16 a credential of more than 8 KiB', present: header(`Basic ${'a'.repeat(9_000)}`), ...unreadable },
  { name: 'H-16 a malformed bearer credential', present: header('Bearer a b'), ...unreadable },
  { name: 'H-16 Basic without credentials', present: header('Basic'), ...unknown },
  { name: 'H-16 a scheme that we do not speak', present: header('Negotiate abc'), ...unknown },
  { name: 'H-16 no scheme at all', present: header('b3JkZXJzOng='), ...unknown },
];
