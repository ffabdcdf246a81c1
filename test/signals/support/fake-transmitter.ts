import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeIssuer } from '../../fakes/fake-issuer.js';

/** What a transmitter was asked. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/**
 * A transmitter that is polled (RFC 8936), at the address of an issuer: it keeps each token until it is acknowledged or refused, and says
 * what it says in `metadata`.
 */
export class FakeTransmitter {
  readonly waiting = new Map<string, string>();
  readonly acknowledged: string[] = [];
  readonly errors = new Map<string, { err: string; description: string }>();
  readonly asked: Asked[] = [];
  /** Status of answers, where it is not 200. */
  status = 200;
  /** Most tokens that one answer brings. */
  most = 100;
  /** What it has as the configuration of the stream; a number: the status of its answer. Absent: its metadata does not say where that is. */
  configuration: Record<string, unknown> | number | undefined;
  /** Its answer where it does not want to be asked whether the stream is alive. */
  limited: { readonly retryAfter: string } | undefined;
  metadata: Record<string, unknown>;

  constructor(readonly issuer: FakeIssuer) {
    this.metadata = { issuer: issuer.issuer, verification_endpoint: `${issuer.issuer}/verify` };
    const path = new URL(issuer.issuer).pathname.replace(/\/$/, '');
    issuer.behave(`/.well-known/ssf-configuration${path}`, (_request, response) => {
      const found = this.configuration !== undefined && { configuration_endpoint: `${issuer.issuer}/streams` };
      json(response, 200, { ...found, ...this.metadata });
    });
    issuer.behave(`${path}/poll`, (request, response) => void this.polled(request, response));
    issuer.behave(
      `${path}/verify`,
      (request, response) =>
        void this.asks('verify', request).then(() => {
          const { limited } = this;
          if (limited) response.writeHead(429, { 'retry-after': limited.retryAfter }).end();
          else response.writeHead(204).end();
        }),
    );
    issuer.behave(
      `${path}/streams`,
      (request, response) =>
        void this.asks('streams', request).then(() => {
          const isOfStream = request.url?.endsWith('/streams?stream_id=stream-1') === true;
          const { configuration = 404 } = isOfStream ? this : {};
          if (typeof configuration === 'number') json(response, configuration, {});
          else json(response, 200, { stream_id: 'stream-1', ...configuration });
        }),
    );
    issuer.behave(
      `${path}/token`,
      (request, response) =>
        void this.asks('token', request).then(() => {
          json(response, 200, { access_token: `token.${this.askedFor('token').length}`, expires_in: 300 });
        }),
    );
  }

  get pollUrl(): string {
    return `${this.issuer.issuer}/poll`;
  }

  askedFor(path: string): readonly Asked[] {
    return this.asked.filter((each) => each.path === path);
  }

  private async polled(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { ack = [], setErrs = {} } = (await this.asks('poll', request)) as {
      ack?: string[];
      setErrs?: Record<string, { err: string; description: string }>;
    };
    if (this.status !== 200) {
      json(response, this.status, {});
      return;
    }
    for (const jti of ack) if (this.waiting.delete(jti)) this.acknowledged.push(jti);
    for (const [jti, error] of Object.entries(setErrs)) {
      this.waiting.delete(jti);
      this.errors.set(jti, error);
    }
    const sets = [...this.waiting].slice(0, this.most);
    json(response, 200, { sets: Object.fromEntries(sets), moreAvailable: this.waiting.size > sets.length });
  }

  private async asks(path: string, request: IncomingMessage): Promise<Record<string, unknown>> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = (text.startsWith('{') ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))) as Record<
      string,
      unknown
    >;
    this.asked.push({ path, authorization: request.headers.authorization, body });
    return body;
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
