import { Nginx } from '../../gateway/support/nginx.js';
import type { Ports } from './assay-process.js';

/**
 * nginx before replicas, as people run it: connections are kept, and what one replica refuses is asked of the next. It knows nothing of
 * readiness; it finds out by asking.
 */
export function startFront(replicas: readonly Ports[], ports: Pick<Ports, 'http' | 'grpc'>): Promise<Nginx> {
  const upstream = (name: string, addresses: readonly number[]): string =>
    [
      `upstream ${name} {`,
      // Who refused once is asked again: in this test it is back soon.
      ...addresses.map((port) => `  server 127.0.0.1:${port} max_fails=0;`),
      '  keepalive 16;',
      '}',
    ].join('\n');
  // Introspection changes nothing, so a POST may be sent again, which nginx does not know.
  const retry = 'error timeout http_503 non_idempotent';
  return Nginx.start(`
${upstream(
  'http',
  replicas.map(({ http }) => http),
)}
${upstream(
  'grpc',
  replicas.map(({ grpc }) => grpc),
)}
keepalive_requests 1000000;
server {
  listen 127.0.0.1:${ports.http};
  location / {
    proxy_pass http://http;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_next_upstream ${retry};
  }
}
server {
  listen 127.0.0.1:${ports.grpc} http2;
  location / {
    grpc_pass grpc://grpc;
    grpc_next_upstream ${retry};
  }
}`);
}
