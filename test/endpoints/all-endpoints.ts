import { EnvoyClient } from '../gateway/support/envoy.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { Reception, type ReceptionOptions } from './reception.js';

/** Both listeners over one core, with a client of each service: what a test of all endpoints at once needs. The test is a trusted proxy. */
export class AllEndpoints {
  private constructor(
    readonly reception: Reception,
    readonly http: HttpEndpoint,
    readonly grpc: GrpcEndpoint,
    readonly client: GrpcClient,
    readonly envoy: EnvoyClient,
  ) {}

  static async open(options: ReceptionOptions = {}): Promise<AllEndpoints> {
    const trustedProxies = ['127.0.0.1'];
    const reception = await Reception.open(options);
    const http = await HttpEndpoint.before(reception, { trustedProxies });
    const grpc = await GrpcEndpoint.before(reception, { trustedProxies });
    return new AllEndpoints(reception, http, grpc, new GrpcClient(grpc.port), new EnvoyClient(grpc.port));
  }

  async close(): Promise<void> {
    this.client.close();
    this.envoy.close();
    await this.grpc.close();
    await this.http.close();
  }
}
