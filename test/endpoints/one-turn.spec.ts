import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { createHook } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Server as GrpcServer } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/transport/http/http-request.js';
import type { HttpResponse } from '../../src/transport/http/http-response.js';
import { http2ServersOf } from '../../src/transport/grpc/peers.js';
import { authorize } from '../gateway/support/authorize.js';
import { checkBytes } from '../gateway/support/envoy.js';
import { callFrames, goodFields, messageFrames, RawPeer, type } from '../transport/grpc/support/frames.js';
import { GrpcEndpoint } from '../transport/grpc/support/grpc-endpoint.js';
import { ask } from '../transport/http/support/ask.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { Reception } from './reception.js';

/** Routes that decide nothing, behind the same guard. */
@Controller()
class BareController {
  @Post('bare')
  post(@Req() { body }: { readonly body: object }): string {
    return typeof body;
  }

  @Get('bare')
  get(@Req() { route }: HttpRequest, @Res({ passthrough: true }) { statusCode }: HttpResponse): string {
    return `${route} ${statusCode}`;
  }
}

class BareModule {}

/** What happens from the moment at which a request has come to the one at which its answer is given to the socket. */
class Watch {
  private readonly order: string[] = [];
  private promises = 0;
  private readonly hook = createHook({
    init: (_id, kind) => {
      if (kind === 'PROMISE') this.promises++;
    },
  });

  begin(): void {
    setImmediate(() => this.order.push('next turn'));
    this.hook.enable();
  }

  answered(): void {
    this.hook.disable();
    this.order.push('answered');
  }

  /** @returns what came first, and how many promises were made until the answer */
  async result() {
    while (this.order.length < 2) await new Promise((resolve) => setImmediate(resolve));
    return { first: this.order[0], promises: this.promises };
  }
}

let reception: Reception;
let http: HttpEndpoint;
let grpc: GrpcEndpoint;
let watch: Watch | undefined;

beforeAll(async () => {
  reception = await Reception.open();
  const trustedProxies = ['127.0.0.1'];
  const further = [{ module: BareModule, controllers: [BareController] }];
  http = await HttpEndpoint.before(reception, { trustedProxies, further });
  grpc = await GrpcEndpoint.before(reception, { trustedProxies });
  http.server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    const end = response.end.bind(response);
    watch?.begin();
    response.end = ((...given: Parameters<typeof end>) => {
      watch?.answered();
      return end(...given);
    }) as typeof end;
  });
  const { server } = grpc.listener as unknown as { readonly server: GrpcServer };
  for (const http2 of http2ServersOf(server))
    http2.prependListener('stream', (stream: ServerHttp2Stream) => {
      const respond = stream.respond.bind(stream);
      watch?.begin();
      stream.respond = (...given: Parameters<typeof respond>) => {
        watch?.answered();
        respond(...given);
      };
    });
});

afterAll(async () => {
  await Promise.all([http.close(), grpc.close()]);
});

async function watched(request: () => Promise<unknown>) {
  const mine = (watch = new Watch());
  await request();
  watch = undefined;
  return mine.result();
}

const token = (): string => reception.context.good.build();

async function call(frames: Buffer): Promise<void> {
  const peer = await RawPeer.connect(grpc.port);
  peer.send(frames);
  await peer.sees(({ type: kind }) => kind === type.data);
  peer.close();
}

function fieldsFor(path: string): typeof goodFields {
  return goodFields.map(([name, value]) => [name, name === ':path' ? path : value]);
}

const envoyFields = fieldsFor('/envoy.service.auth.v3.Authorization/Check');
const healthFields = fieldsFor('/grpc.health.v1.Health/Check');

const questions = [
  { name: 'POST /introspect', of: (asked: string) => ask(http, { body: `token=${asked}` }) },
  { name: '/authorize', of: (asked: string) => authorize(http, { token: asked }) },
  { name: 'assay.v1.Introspection', of: (asked: string) => call(callFrames(1, goodFields, asked)) },
  { name: 'Envoy ext_authz', of: (asked: string) => call(messageFrames(1, envoyFields, checkBytes(asked))) },
];

/** What is known already is waited for by nobody. */
describe('one turn of the event loop', () => {
  it.each(questions)('answers a remembered token: $name', async ({ of }) => {
    const asked = token();
    await of(asked);

    expect((await watched(() => of(asked))).first).toBe('answered');
  });

  it.each(questions)('does not answer a new one, whose signature is checked on a thread: $name', async ({ of }) => {
    expect((await watched(() => of(token()))).first).toBe('next turn');
  });
});

/** Each promise is a turn of a queue, and garbage. */
describe('promises until the answer about a remembered token', () => {
  it('are as many as for a route of Nest that decides nothing, at POST /introspect', async () => {
    const asked = token();
    await ask(http, { body: `token=${asked}` });
    const bare = await watched(() => ask(http, { target: '/bare', body: `token=${asked}` }));

    expect((await watched(() => ask(http, { body: `token=${asked}` }))).promises).toBe(bare.promises);
  });

  it('are no more than that at /authorize', async () => {
    const asked = token();
    await authorize(http, { token: asked });
    const headers = { 'Content-Type': undefined, 'Content-Length': undefined };
    const bare = await watched(() => ask(http, { method: 'GET', target: '/bare', headers }));

    expect((await watched(() => authorize(http, { token: asked }))).promises).toBeLessThanOrEqual(bare.promises);
  });

  it.each(questions.slice(2))('are as many as the library makes for a question of health: $name', async ({ of }) => {
    const asked = token();
    await of(asked);
    const bare = await watched(() => call(messageFrames(1, healthFields, Buffer.alloc(0))));

    expect((await watched(() => of(asked))).promises).toBe(bare.promises);
  });
});
