import {
  Client,
  credentials,
  Metadata,
  status,
  type CallOptions,
  type ChannelCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { Proto } from '../../../src/transport/grpc/load-proto.js';

/** `CheckResponse`, as Envoy reads it. */
export interface Verdict {
  /** Name of the gRPC status of the call itself: anything but OK is an error to Envoy. */
  readonly rpc: string;
  /** Name of the gRPC code inside; only OK lets the request pass. */
  readonly code?: string;
  /** HTTP status of a denial. */
  readonly http?: number;
  readonly body?: string;
  /** Of a denial for the client, of an approval for the upstream. */
  readonly headers: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
  /** How headers are set. */
  readonly actions: readonly string[];
  /** For filters behind this one; absent where there is none. */
  readonly metadata?: unknown;
}

interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly appendAction: string;
}

/** `google.protobuf.Struct` as the library reads it: which member of a value is set says what it is. */
interface StructMessage {
  readonly fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Response {
  readonly status: { readonly code: number };
  readonly dynamicMetadata?: StructMessage | null;
  readonly okResponse?: { readonly headers: readonly HeaderOption[]; readonly headersToRemove: readonly string[] };
  readonly deniedResponse?: {
    readonly status: { readonly code: string };
    readonly headers: readonly HeaderOption[];
    readonly body: string;
  };
}

const check = Proto.load('envoy/service/auth/v3/external_auth.proto').service('envoy.service.auth.v3.Authorization')[
  'Check'
]!;

/** HTTP statuses by their names in Envoy's enumeration. */
const httpStatuses: Readonly<Record<string, number>> = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
};

/** What a test changes about a good question. */
export interface CheckParts {
  readonly token?: string;
  /** Lower-case names, as Envoy sends them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly method?: string;
  readonly extensions?: Readonly<Record<string, string>>;
  /** Instead of all that. */
  readonly raw?: object;
  readonly options?: CallOptions;
  /** What a proxy in front of the endpoint says. */
  readonly metadata?: Metadata;
}

/** Asks as Envoy's `ext_authz` does, on a connection of its own. */
export class EnvoyClient {
  private readonly client: Client;

  constructor(port: number, channel: ChannelCredentials = credentials.createInsecure()) {
    this.client = new Client(`127.0.0.1:${port}`, channel, {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
    });
  }

  check({ raw, options, metadata, ...parts }: CheckParts = {}): Promise<Verdict> {
    return this.send(check.requestSerialize(raw ?? question(parts)), options, metadata);
  }

  /** The same with the octets of the message. */
  send(message: Buffer, options: CallOptions = {}, metadata = new Metadata()): Promise<Verdict> {
    const deserialize = check.responseDeserialize as (bytes: Buffer) => Response;
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, response?: Response): void => {
        resolve(response ? verdictOf(response) : failure(error?.code));
      };
      this.client.makeUnaryRequest(check.path, (bytes: Buffer) => bytes, deserialize, message, metadata, options, done);
    });
  }

  close(): void {
    this.client.close();
  }
}

/** The octets of the question whether a request with this token may pass. */
export function checkBytes(token: string): Buffer {
  return check.requestSerialize(question({ token }));
}

function question({ token, headers = {}, path = '/orders?page=2', method = 'GET', extensions }: CheckParts): object {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    attributes: {
      request: { http: { method, path, headers: { ':method': method, ...authorization, ...headers } } },
      contextExtensions: extensions ?? { caller: 'edge' },
    },
  };
}

function verdictOf({ status: { code }, okResponse, deniedResponse, dynamicMetadata }: Response): Verdict {
  const options = okResponse?.headers ?? deniedResponse?.headers ?? [];
  return {
    rpc: 'OK',
    code: status[code] ?? '',
    ...(deniedResponse && { http: httpStatuses[deniedResponse.status.code] ?? 0, body: deniedResponse.body }),
    headers: Object.fromEntries(options.map(({ header: { key, value } }) => [key, value])),
    remove: okResponse?.headersToRemove ?? [],
    actions: options.map(({ appendAction }) => appendAction),
    ...(dynamicMetadata && { metadata: plainStruct(dynamicMetadata) }),
  };
}

function plainStruct({ fields }: StructMessage): unknown {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [kind = ''] = Object.keys(value).filter((each) => each.endsWith('Value'));
  if (kind === 'structValue') return plainStruct(value[kind] as StructMessage);
  if (kind === 'nullValue') return null;
  if (kind !== 'listValue') return value[kind];
  const { values } = value[kind] as { readonly values: readonly Readonly<Record<string, unknown>>[] };
  return values.map(plainValue);
}

function failure(code: number | undefined): Verdict {
  return { rpc: status[code ?? status.UNKNOWN] ?? '', headers: {}, remove: [], actions: [] };
}
