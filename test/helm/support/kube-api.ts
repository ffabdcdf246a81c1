import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Manifest } from './helm.js';

/** The part of an API server of Kubernetes that Helm asks while it renders: which kinds there are, and single objects. */
export class KubeApi {
  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  /** @param objects what is in the cluster */
  static async with(...objects: readonly Manifest[]): Promise<KubeApi> {
    const server = createServer((request, response) => {
      answer(request, response, objects);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new KubeApi(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Kinds that there are, by the path of their group and version. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  '/api/v1': ['Secret', 'ConfigMap', 'Service', 'ServiceAccount', 'Pod', 'Namespace'],
  '/apis/apps/v1': ['Deployment'],
  '/apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  '/apis/batch/v1': ['Job'],
  '/apis/cert-manager.io/v1': ['Certificate'],
  '/apis/gateway.networking.k8s.io/v1': ['BackendTLSPolicy', 'GRPCRoute', 'HTTPRoute'],
  '/apis/policy/v1': ['PodDisruptionBudget'],
};

function answer(request: IncomingMessage, response: ServerResponse, objects: readonly Manifest[]): void {
  const { pathname } = new URL(request.url ?? '/', 'http://cluster');
  const found = discovery(pathname) ?? objects.find((object) => pathname === pathOf(object));
  const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(found ?? missing));
}

function discovery(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  if (!Object.hasOwn(kinds, path)) return undefined;
  const resources = kinds[path]?.map((kind) => ({
    name: pluralOf(kind),
    singularName: '',
    namespaced: kind !== 'Namespace',
    kind,
    verbs: ['get', 'list'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: path.replace(/^\/apis?\//, ''), resources };
}

function groups(): readonly object[] {
  return Object.keys(kinds)
    .filter((path) => path.startsWith('/apis/'))
    .map((path) => {
      const [, , name = '', version = ''] = path.split('/');
      const only = { groupVersion: `${name}/${version}`, version };
      return { name, versions: [only], preferredVersion: only };
    });
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase().replace(/y$/, 'ie')}s`;
}

function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${base}/namespaces/${String(metadata['namespace'])}/${pluralOf(kind)}/${metadata.name}`;
}
