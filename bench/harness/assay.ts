import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/fakes/free-port.ts';
import { nodeEnvironment, nodeFlags } from '../../tools/node-flags.mjs';
import { audience, type Signer } from '../tokens.ts';
import { caller, proxiedCaller } from '../requests.ts';
import { Child } from './child.ts';

const root = join(import.meta.dirname, '..', '..');

/** This service's own name: the audience of client assertions. */
export const identifier = 'https://assay.example.com';

/** Operators' token of the admin API. */
export const operatorToken = 'operator-token-Hs8Kq2Vn5Xz7Lw4T';

/** A part of the configuration. */
export type Section = Readonly<Record<string, unknown>>;

/** How Node is started, where it is not as usual. */
export interface NodeStart {
  readonly nodeArguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The built program, with a configuration of its own. */
export class Assay {
  readonly child: Child;
  readonly ports: Ports;
  private readonly folder: string;
  private readonly configuration: Section;

  private constructor(child: Child, ports: Ports, folder: string, configuration: Section) {
    this.child = child;
    this.ports = ports;
    this.folder = folder;
    this.configuration = configuration;
  }

  /**
   * Starts the program and waits until it is ready.
   * @param issuers sections of the configuration
   * @param more sections that replace those of the bench; `server` adds to it
   * @param checkout whose built program is started
   * @param how what Node is told beside that
   */
  static async start(
    issuers: readonly Section[],
    more: Section = {},
    checkout = root,
    { nodeArguments = [], env = {} }: NodeStart = {},
  ): Promise<Assay> {
    const ports = await freePorts();
    const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
    const usual = configurationOf(ports, issuers);
    const configuration = { ...usual, ...more, server: { ...usual.server, ...(more['server'] as Section) } };
    const file = join(folder, 'assay.yaml');
    await writeFile(file, JSON.stringify(configuration));
    const child = await Child.start({
      args: [...nodeFlags, ...nodeArguments, join(checkout, 'dist', 'main.js')],
      env: { ...nodeEnvironment, ASSAY_CONFIG: file, NODE_ENV: 'production', ...env },
      ready: '"msg":"ready"',
    });
    return new Assay(child, ports, folder, configuration);
  }

  /** Writes another configuration, which the program picks up. */
  async reconfigure(more: Section): Promise<void> {
    await writeFile(join(this.folder, 'assay.yaml'), JSON.stringify({ ...this.configuration, ...more }));
    this.child.signal('SIGHUP');
  }

  /** Asks the management listener. @returns the status, and the body as text */
  async management(
    path: string,
    method = 'GET',
    body?: string,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.management}${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorToken}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body }),
    });
    return { status: response.status, body: await response.text() };
  }

  async stop(): Promise<void> {
    await this.child.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Ports that nobody listens on. */
export interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly management: number;
}

/** An issuer whose keys the configuration carries. */
export function staticIssuer(id: string, { issuer, key }: Signer): Section {
  return { ...commonIssuer, id, issuer, keys: { jwks: { keys: [key.jwk] } }, algorithms: [key.alg] };
}

/** What all issuers of the bench have in common. */
export const commonIssuer = { audiences: [audience], network: { allowPrivate: true } };

/** What each caller of the bench may ask and see. */
export const rights = { issuers: 'any', audiences: 'any', claims: ['sub', 'scope', 'tenant', 'email', 'jti'] };

function configurationOf({ http, grpc, management }: Ports, issuers: readonly Section[]) {
  const host = '127.0.0.1';
  return {
    server: {
      identifier,
      http: { host, port: http },
      grpc: { host, port: grpc },
      management: { host, port: management },
      trustedProxies: [host],
      // A machine that is busy with something else must not look like an instance that has too much to do.
      limits: { eventLoopDelay: '10s' },
    },
    issuers,
    callers: [
      { id: caller.id, secrets: [caller.secret], ...rights },
      { id: proxiedCaller, proxy: true, ...rights },
    ],
    admin: { tokens: [{ id: 'ops', secret: operatorToken, role: 'operator' }] },
  };
}

async function freePorts(): Promise<Ports> {
  const [http, grpc, management] = await Promise.all([freePort(), freePort(), freePort()]);
  return { http, grpc, management };
}
