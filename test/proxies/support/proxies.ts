/** Starts the proxies that the tests of `npm test` do not have, with their recipes. */
import { RunningServer } from '../../clients/support/running-server.js';
import { recipe } from '../../gateway/support/recipe.js';

/** Where the parts of a test listen: ports of this machine. */
export interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly upstream: number;
  /** Where the proxy listens; left out: anywhere. */
  readonly proxy?: number;
}

/** What a test changes about a recipe, after its addresses and before it is used. */
export type Change = (text: string) => string;

const unchanged: Change = (text) => text;

/** The proxies, by name. */
export const proxies = {
  Envoy: (ports: Ports, caller: string, change = unchanged) =>
    RunningServer.start(
      program('ASSAY_ENVOY'),
      (place) => {
        const { port } = place;
        const text = placed(recipe('envoy.md', 'yaml'), ports, caller)
          .replace('address: 0.0.0.0, port_value: 8000', `address: 127.0.0.1, port_value: ${port}`)
          .replace('port_value: 9090', `port_value: ${ports.grpc}`)
          .replace('port_value: 8080', `port_value: ${ports.http}`)
          .replace('port_value: 3000', `port_value: ${ports.upstream}`);
        const args = ['-c', place.write('envoy.yaml', change(text)), '--disable-hot-restart', '--concurrency', '1'];
        return { args, env: {} };
      },
      ports.proxy,
    ),
  Traefik: (ports: Ports, caller: string, change = unchanged) =>
    RunningServer.start(
      program('ASSAY_TRAEFIK'),
      (place) => {
        const text = placed(recipe('traefik.md', 'yaml'), ports, caller).replaceAll('Host(`api.corp.example`) && ', '');
        const args = [
          `--entrypoints.web.address=127.0.0.1:${place.port}`,
          `--providers.file.filename=${place.write('dynamic.yaml', change(text))}`,
          '--global.checknewversion=false',
        ];
        return { args, env: {} };
      },
      ports.proxy,
    ),
} as const;

function placed(text: string, { http, upstream }: Ports, caller: string): string {
  return text
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${http}`)
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${upstream}`)
    .replaceAll('orders-edge', caller);
}

function program(variable: string): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error(`${variable} is not set: npm run proxies`);
  return path;
}
