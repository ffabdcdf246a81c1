import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET } from '../../endpoints/reception.js';
import { rejectionCodes } from '../../../src/tokens/rejection.js';
import { allCases } from '../../vectors/all-cases.js';
import type { Vector } from '../../vectors/vector.js';
import { inactive } from './support/ask.js';
import { HttpEndpoint } from './support/http-endpoint.js';
import { bytesOf, header, talk, type RawAnswer } from './support/raw-http.js';
import { basic, request } from './support/requests.js';

let endpoint: HttpEndpoint;
let good: string;

beforeAll(async () => {
  endpoint = await HttpEndpoint.open();
  good = endpoint.context.good.build();
});

afterAll(() => endpoint.close());

/** One connection for many tokens: the answers, in the order of the tokens. */
async function introspectAll(tokens: readonly string[]): Promise<RawAnswer[]> {
  const requests = tokens.map((token) => request({ body: new URLSearchParams({ token }).toString() }));
  const answers = await talk(endpoint.port, Buffer.concat(requests));
  expect(answers).toHaveLength(tokens.length);
  return answers;
}

/** The cases whose token can be sent at all: not the empty one (400), nor one that no body has room for (413). */
function sendable(cases: readonly Vector[]): { readonly vector: Vector; readonly token: string }[] {
  return cases
    .map((vector) => ({ vector, token: vector.token(endpoint.context) }))
    .filter(({ token }) => token !== '' && new URLSearchParams({ token }).toString().length <= 65_536);
}

describe('the invariants of the response matrix', () => {
  it('INV-02 R7662-29 every reason for which a token is not good has the same bytes', async () => {
    const rejected = allCases.filter(({ expect: verdict }) => verdict === 'inactive');
    const reasons = new Set(rejected.map(({ rejection }) => rejection));
    expect(reasons.size).toBeGreaterThan(5);
    expect([...rejectionCodes]).toEqual(expect.arrayContaining([...reasons]));
    const answers = await introspectAll(sendable(rejected).map(({ token }) => token));
    expect(new Set(answers.map(bytesOf)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: inactive });
  });

  it('INV-02 also for a token that is good, but not for this caller', async () => {
    const headers = { Authorization: basic('deaf') };
    const withheld = await talk(endpoint.port, request({ headers, body: `token=${good}` }));
    const [bad] = await introspectAll(['bad']);
    expect(withheld.map(bytesOf)).toEqual([bytesOf(bad!)]);
  });

  it('every token and its verdict, through this endpoint', async () => {
    const sent = sendable(allCases);
    const answers = await introspectAll(sent.map(({ token }) => token));
    const verdicts = answers.map(({ body }) => (JSON.parse(body) as { active: unknown }).active);
    expect(verdicts).toEqual(sent.map(({ vector }) => vector.expect === 'active'));
  });

  it('INV-04 INV-05 any bytes as a token are inactive, whatever they are, and connect us to nobody', async () => {
    const connections: Socket[] = [];
    const watch = (message: unknown): void => {
      connections.push((message as { socket: Socket }).socket);
    };
    channel('net.client.socket').subscribe(watch);
    const anything = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 500 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 500 }).filter((text) => text.isWellFormed()),
      fc
        .array(fc.base64String({ maxLength: 60 }), { minLength: 1, maxLength: 6 })
        .map((parts) => parts.join('.') || '.'),
      fc.json().map((json) => [json, json, 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 50, maxLength: 50 }), async (tokens) => {
        const answers = await introspectAll(tokens);
        expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(tokens.map(() => `200 ${inactive}`));
      }),
      { numRuns: 40 },
    );
    channel('net.client.socket').unsubscribe(watch);
    expect(connections).toHaveLength(40);
  });

  it('INV-04 any mutation of a good token is inactive', async () => {
    const position = fc.nat({ max: good.length - 1 });
    const replacement = fc.constantFrom(...'ABab01-_.=+/ \0é'.split(''), '');
    const mutation = fc.tuple(position, fc.nat({ max: 3 }), replacement);
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 50, maxLength: 50 }), async (mutations) => {
        const tokens = mutations
          .map(([at, removed, added]) => good.slice(0, at) + added + good.slice(at + removed))
          .filter((token) => token !== good);
        const answers = await introspectAll(tokens);
        expect(answers.map(({ status, body }) => `${status} ${body}`)).toEqual(tokens.map(() => `200 ${inactive}`));
      }),
      { numRuns: 40 },
    );
  });

  it('INV-04 the only other answers: 400 for an empty token, 413 over the limit of a body', async () => {
    const [empty] = await talk(endpoint.port, request({ body: 'token=' }));
    const [fitting] = await talk(endpoint.port, request({ body: `token=${'a'.repeat(65_536 - 6)}` }));
    const [over] = await talk(endpoint.port, request({ body: `token=${'a'.repeat(65_536 - 5)}` }));
    expect([empty!.status, fitting!.status, over!.status]).toEqual([400, 200, 413]);
  });

  it('INV-01 neither tokens nor secrets leave in an answer or in the log, whatever goes wrong', async () => {
    const secret = 'canary-secret-4f1c';
    const token = endpoint.context.good.with({ canary: 'canary-claim-7d2e', exp: 1 }).build();
    const headers = { Authorization: basic('orders', secret) };
    const answers = await Promise.all([
      talk(endpoint.port, request({ headers, body: `token=${token}` })),
      talk(endpoint.port, request({ body: `token=${token}` })),
      talk(endpoint.port, request({ body: `token=${token}&token=${token}` })),
      talk(endpoint.port, request({ target: `/introspect?token=${token}&client_secret=${secret}` })),
      talk(endpoint.port, request({ target: `/${token}`, body: `client_secret=${secret}` })),
      talk(endpoint.port, request({ headers: { Authorization: `Bearer ${token}` }, body: `token=${token}` })),
      talk(endpoint.port, request({ body: `token=${token}&client_id=orders&client_secret=${secret}` })),
      talk(
        endpoint.port,
        request({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token, secret }) }),
      ),
      talk(
        endpoint.port,
        request({ headers: { Authorization: `Basic ${token} ${secret}` }, body: `token=${token}%zz` }),
      ),
      talk(endpoint.port, `POST /introspect HTTP/1.1\r\nAuthorization ${secret} ${token}\r\n\r\n`),
    ]);
    const encoded = Buffer.from(`orders:${secret}`).toString('base64');
    const everything = answers.flat().map(bytesOf).join() + endpoint.log;
    const pieces = [secret, encoded, 'canary-claim', ...token.split('.'), SECRET, basic().slice(6)];
    for (const piece of pieces) expect(everything).not.toContain(piece);
    expect(endpoint.log).toContain('token is not active');
    expect(endpoint.log).toContain('caller refused');
  });

  it('a refused introspection is one line: who asked, whose token, and why', async () => {
    const before = endpoint.logLines.length;
    await introspectAll([endpoint.context.good.expiredAt(endpoint.context.now).build()]);
    const lines = endpoint.logLines.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String) as string,
        caller: 'orders',
        issuer: 'main',
        rejection: 'expired',
        request_id: expect.any(String) as string,
        msg: 'token is not active',
      },
    ]);
  });

  it('an active answer leaves no line: there is no access log', async () => {
    const before = endpoint.logLines.length;
    const [answer] = await introspectAll([good]);
    expect(header(answer!, 'content-type')).toBe('application/json');
    expect(endpoint.logLines.slice(before)).toEqual([]);
  });
});
