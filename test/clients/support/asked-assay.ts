// Assay, as the programs of docs/clients find it: over HTTP, HTTPS and gRPC, with keys that a test can make unknown.
import { connect, type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { CallerSection } from '../../../src/callers/registration/callers.config.js';
import { KeysUnavailable } from '../../../src/keys/key-resolver.js';
import { Reception } from '../../endpoints/reception.js';
import { TestAuthority } from '../../keys/support/certificates.js';
import { GrpcEndpoint } from '../../transport/grpc/support/grpc-endpoint.js';
import { HttpEndpoint } from '../../transport/http/support/http-endpoint.js';

/** What stands behind the clients of a test. */
export class AskedAssay {
  /** While it is true, no key can be known. */
  isDown = false;
  readonly good: string;
  readonly bad: string;

  private constructor(
    private readonly http: HttpEndpoint,
    private readonly grpc: GrpcEndpoint,
    private readonly tls: Server,
    /** The certificate that clients of `https` must trust. */
    readonly authority: string,
  ) {
    const now = Math.floor(http.clock.wallMs() / 1_000);
    // Another subject inside: programs that search in the text must not find it.
    const claims = { sub: 'alice', act: { sub: 'mallory' }, iat: now, nbf: now, exp: now + 3_600 };
    this.good = http.context.good.with(claims).build();
    this.bad = `${this.good.slice(0, -4)}AAAA`;
  }

  static async open(callers: readonly CallerSection[]): Promise<AskedAssay> {
    const isDown = (): boolean => assay.isDown;
    const reception = await Reception.open({
      callers,
      keys: (held) => ({
        known: (issuer, header) => (isDown() ? undefined : held.known(issuer, header)),
        holds: () => false,
        find: (issuer, header) =>
          isDown() ? Promise.reject(new KeysUnavailable('main', 7)) : held.find(issuer, header),
      }),
    });
    // Some clients compare `exp` with the clock of the machine.
    reception.clock.stepWall(Date.now() - reception.clock.wallMs());
    const http = await HttpEndpoint.before(reception, { trustedProxies: ['127.0.0.1/32'] });
    const grpc = await GrpcEndpoint.before(reception);
    const authority = await TestAuthority.create();
    const options = await authority.issue({ names: [{ type: 'ip', value: '127.0.0.1' }] });
    const tls = createServer(options, (socket) => {
      const inner = connect(http.port, '127.0.0.1');
      socket.on('error', () => inner.destroy());
      inner.on('error', () => socket.destroy());
      socket.pipe(inner).pipe(socket);
    });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const assay = new AskedAssay(http, grpc, tls, authority.pem);
    return assay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.http.port}`;
  }

  get secureUrl(): string {
    return `https://127.0.0.1:${(this.tls.address() as AddressInfo).port}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.grpc.port}`;
  }

  async close(): Promise<void> {
    this.tls.close();
    await this.grpc.close();
    await this.http.close();
  }
}
