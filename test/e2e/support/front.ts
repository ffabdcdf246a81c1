import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nginx } from '../../gateway/support/nginx.js';
import { freePorts, type Ports } from './assay-process.js';

/** Where clients ask. */
export interface FrontPorts {
  /** HTTP, by way of a proxy that is told which replicas there are, and asks one of them once. */
  readonly http: number;
  /** gRPC, in the same way. */
  readonly grpc: number;
  /** HTTP, by way of a proxy that nobody tells anything: it asks the next where one refuses. */
  readonly untold: number;
}

/** nginx before replicas. It keeps its connections to them. */
export class Front {
  private constructor(
    private readonly nginx: Nginx,
    private readonly folder: string,
    readonly ports: FrontPorts,
  ) {}

  static async before(replicas: readonly Ports[]): Promise<Front> {
    const { http, grpc, management: untold } = await freePorts();
    const [folder, ports] = [await mkdtemp(join(tmpdir(), 'assay-front-')), { http, grpc, untold }];
    return new Front(await Nginx.start(site(replicas, ports, folder)), folder, ports);
  }

  /** From the next request on this replica gets none: what Kubernetes does with a pod that is told to go. */
  forget(replica: number): Promise<void> {
    return writeFile(this.marker(replica), '');
  }

  /** It is there again. */
  remember(replica: number): Promise<void> {
    return rm(this.marker(replica));
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await rm(this.folder, { recursive: true });
  }

  private marker(replica: number): string {
    return join(this.folder, `without-${replica}`);
  }
}

function site(replicas: readonly Ports[], ports: FrontPorts, folder: string): string {
  const groups = (['http', 'grpc'] as const).flatMap((endpoint) => [
    upstream(`${endpoint}-of-all`, replicas, endpoint),
    ...replicas.map((replica, i) =>
      upstream(
        `${endpoint}-without-${i}`,
        replicas.filter((other) => other !== replica),
        endpoint,
      ),
    ),
  ]);
  const choice = [
    'set $group of-all;',
    ...replicas.map((_, i) => `if (-f ${folder}/without-${i}) { set $group without-${i}; }`),
  ];
  const overHttp = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  return `
${groups.join('\n')}
keepalive_requests 1000000;
server {
  listen 127.0.0.1:${ports.http};
  location / { ${choice.join(' ')} ${overHttp} proxy_next_upstream off; proxy_pass http://http-$group; }
}
server {
  listen 127.0.0.1:${ports.grpc} http2;
  location / { ${choice.join(' ')} grpc_next_upstream off; grpc_pass grpc://grpc-$group; }
}
server {
  listen 127.0.0.1:${ports.untold};
  # Introspection changes nothing, so a POST may be sent again, which nginx does not know.
  location / { ${overHttp} proxy_next_upstream error timeout http_503 non_idempotent; proxy_pass http://http-of-all; }
}`;
}

function upstream(name: string, replicas: readonly Ports[], endpoint: 'http' | 'grpc'): string {
  // Who refused once is asked again: in these tests it is back soon.
  const servers = replicas.map((ports) => `server 127.0.0.1:${ports[endpoint]} max_fails=0;`);
  return `upstream ${name} { ${servers.join(' ')} keepalive 16; }`;
}
