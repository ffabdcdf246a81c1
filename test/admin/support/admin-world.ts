import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Service } from '../../../src/app/service.js';
import { audience, callerSection, issuerSection, ordersApi, type Section } from '../../e2e/support/configuration.js';
import { eventually } from '../../fakes/eventually.js';
import { ForwardedClock } from '../../fakes/forwarded-clock.js';
import { wholeLog } from '../../fakes/whole-log.js';
import { FakeIssuer } from '../../fakes/fake-issuer.js';

export const viewer = 'viewer-token-Wq7Zt3Lm9XcVb5NhTy2K';
export const operator = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';

/** The `admin` section of most tests. */
export const adminSection = {
  tokens: [
    { id: 'watching', secret: viewer, role: 'viewer' },
    { id: 'acting', secret: operator, role: 'operator' },
  ],
};

/** What an admin request got. */
export interface AdminAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a request is made. */
export interface AdminAsk {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** What says when, where and for which request a line of the audit trail was written. */
const common: ReadonlySet<string> = new Set(['time', 'stream', 'replica', 'region', 'request_id', 'trace_id']);

/** The whole service in this process, over real sockets, with what it wrote. */
export class AdminService {
  output = '';
  private constructor(
    private readonly folder: string,
    readonly file: string,
    readonly clock: ForwardedClock,
    private service?: Service,
  ) {}

  static async start(issuers: readonly Section[], more: Section = {}): Promise<AdminService> {
    const clock = new ForwardedClock();
    const folder = await mkdtemp(join(tmpdir(), 'assay-admin-'));
    const started = new AdminService(folder, join(folder, 'assay.yaml'), clock);
    await started.write(issuers, more);
    const write = (text: string): void => void (started.output += text);
    started.service = await Service.start({
      environment: { ASSAY_CONFIG: started.file },
      workingDirectory: folder,
      clock,
      logger: wholeLog('info', write),
      print: write,
    });
    return started;
  }

  /** Replaces the configuration; {@link reload} brings it into force. */
  async write(issuers: readonly Section[], more: Section = {}): Promise<void> {
    const server = {
      identifier: 'https://assay.example',
      http: { port: 0 },
      management: { port: 0 },
      grpc: { enabled: false },
    };
    const callers = [callerSection(ordersApi.id, ordersApi.secret)];
    await writeFile(this.file, JSON.stringify({ server, issuers, callers, ...more }));
  }

  async reload(): Promise<void> {
    await this.service?.reload();
  }

  async stop(): Promise<void> {
    const { service } = this;
    delete this.service;
    await service?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Sends one admin request. */
  ask(method: string, path: string, { token, headers = {}, body }: AdminAsk = {}): Promise<AdminAnswer> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
      }),
      ...headers,
    };
    return send(this.urls.management, { method, path, headers: all }, text);
  }

  /** Whether a token is active for the one caller. */
  async isActive(token: string): Promise<boolean> {
    return (await this.introspect(token))['active'] as boolean;
  }

  /** What a caller gets to know of a token. All callers of a test have one secret. */
  async introspect(token: string, caller = ordersApi.id): Promise<AdminAnswer['body']> {
    const form = new URLSearchParams({ token }).toString();
    const headers = {
      authorization: `Basic ${Buffer.from(`${caller}:${ordersApi.secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(form.length),
    };
    const { body } = await send(this.urls.public, { method: 'POST', path: '/introspect', headers }, form);
    return body;
  }

  /** What a proxy gets to know of a request with this token. */
  authorize(token: string, query: string): Promise<AdminAnswer> {
    const headers = { authorization: `Bearer ${token}` };
    return send(this.urls.public, { method: 'GET', path: `/authorize?${query}`, headers });
  }

  /** Audit records so far. */
  get audit(): readonly Record<string, unknown>[] {
    return this.lines.filter(({ stream }) => stream === 'audit');
  }

  /** The same without what all have in common. */
  get auditedFields(): readonly Record<string, unknown>[] {
    return this.audit.map((record) => Object.fromEntries(Object.entries(record).filter(([name]) => !common.has(name))));
  }

  get lines(): readonly Record<string, unknown>[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  get managementUrl(): string {
    return this.urls.management;
  }

  /** Of the listener for callers. */
  get publicUrl(): string {
    return this.urls.public;
  }

  private get urls(): { public: string; management: string } {
    return this.lines.find(({ msg }) => msg === 'ready') as unknown as { public: string; management: string };
  }
}

/** Waits for what has no published bound, while time passes quickly at these services. */
export function inTheEnd(services: readonly AdminService[], holds: () => Promise<boolean>): Promise<void> {
  return eventually(() => {
    for (const { clock } of services) clock.forward(500);
    return holds();
  });
}

/** One request on a connection of its own: a listener that closes would wait a moment for one that is kept. */
function send(listener: string, what: RequestOptions, text?: string): Promise<AdminAnswer> {
  const { hostname, port } = new URL(listener);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, agent: false, ...what }, (response) => {
      let received = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json') && received !== '';
        const parsed = isJson ? (JSON.parse(received) as Record<string, unknown>) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: received, body: parsed });
      });
    });
    sent.on('error', reject).end(text);
  });
}

/** A registered issuer with quick freshness, so that little time has to pass between two fetches. */
export function quickIssuer(issuer: FakeIssuer, more: Section = {}): Section {
  return issuerSection('corp', issuer, { freshness: { minSpacing: '1s' }, ...more });
}

export { audience, FakeIssuer };
