import {
  credentials,
  Metadata,
  type ChannelCredentials,
  type ClientOptions,
  type ClientReadableStream,
  type CallOptions,
  type ServiceError,
} from '@grpc/grpc-js';
import * as grpc from '@grpc/grpc-js';
import { Proto } from '../../../../src/transport/grpc/load-proto.js';
import { protoPath } from 'grpc-health-check';
import { basic } from '../../http/support/requests.js';

/** `assay.v1.IntrospectResponse` as a client gets it; int64 is text. */
export interface Answer {
  readonly active: boolean;
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly clientId: string;
  readonly scope: string;
  readonly tokenType: string;
  readonly exp: string;
  readonly iat: string;
  readonly nbf: string;
  readonly jti: string;
  readonly username: string;
  readonly claimsJson: string;
}

/** How a call ended: with an answer, or with a status. */
export interface Outcome {
  /** `OK`, `UNAUTHENTICATED`, … */
  readonly status: string;
  readonly details: string;
  readonly trailers: Metadata;
  readonly answer?: Answer;
}

/** What a test changes about a good call. */
export interface CallParts {
  /** The registered issuer that an opaque token is of. */
  readonly issuerHint?: string;
  /** Replaces or, with `undefined`, removes `authorization`; an array sends it several times. */
  readonly authorization?: string | readonly string[] | undefined;
  readonly metadata?: Metadata;
  readonly options?: CallOptions;
}

const introspection = Proto.load('assay/v1/introspection.proto').service('assay.v1.Introspection');
const health = Proto.load(protoPath).service('grpc.health.v1.Health');

/** A real client on a connection of its own. */
export class GrpcClient {
  private readonly client: grpc.Client;

  constructor(
    readonly port: number,
    channel: ChannelCredentials = credentials.createInsecure(),
    options: ClientOptions = {},
  ) {
    this.client = new grpc.Client(`127.0.0.1:${port}`, channel, {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_retries': 0,
      ...options,
    });
  }

  /** Asks for a verdict, as the caller `orders` unless the test says otherwise. */
  introspect(token: string, parts: CallParts = {}): Promise<Outcome> {
    return this.begin(token, parts).outcome;
  }

  /** The same, with a way to cancel. */
  begin(
    token: string,
    { metadata = new Metadata(), options = {}, issuerHint = '', ...parts }: CallParts = {},
  ): { readonly outcome: Promise<Outcome>; cancel(): void } {
    const authorization = 'authorization' in parts ? parts.authorization : basic();
    for (const value of authorization === undefined ? [] : [authorization].flat()) metadata.add('authorization', value);
    return this.unary(introspection['Introspect']!, { token, issuerHint }, metadata, options);
  }

  /** `grpc.health.v1.Health/Check`. @returns the serving status, or the name of the gRPC status */
  async check(service = ''): Promise<string> {
    const { status, answer } = await this.unary(health['Check']!, { service }, new Metadata(), {}).outcome;
    return (answer as unknown as { status: string } | undefined)?.status ?? status;
  }

  /** `grpc.health.v1.Health/Watch`. */
  watch(service = ''): ClientReadableStream<{ readonly status: string }> {
    const { path, requestSerialize, responseDeserialize } = health['Watch']!;
    const deserialize = responseDeserialize as (bytes: Buffer) => { status: string };
    const watched = this.client.makeServerStreamRequest(
      path,
      requestSerialize,
      deserialize,
      { service },
      new Metadata(),
    );
    watched.on('error', () => undefined);
    return watched;
  }

  close(): void {
    this.client.close();
  }

  private unary(
    { path, requestSerialize, responseDeserialize }: (typeof introspection)[string],
    request: object,
    metadata: Metadata,
    options: CallOptions,
  ): { readonly outcome: Promise<Outcome>; cancel(): void } {
    let cancel = (): void => undefined;
    const deserialize = responseDeserialize as (bytes: Buffer) => Answer;
    const outcome = new Promise<Outcome>((resolve) => {
      const done = (error: ServiceError | null, answer?: Answer): void => {
        const { code = grpc.status.OK, details = '', metadata: trailers = new Metadata() } = error ?? {};
        resolve({ status: grpc.status[code], details, trailers, ...(answer && { answer }) });
      };
      const call = this.client.makeUnaryRequest(path, requestSerialize, deserialize, request, metadata, options, done);
      cancel = () => {
        call.cancel();
      };
    });
    return { outcome, cancel };
  }
}
