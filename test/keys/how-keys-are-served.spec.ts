import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IssuerNetwork } from '../../src/issuers/issuer-network.js';
import { GuardedHttp, type HttpAnswer } from '../../src/keys/source/guarded-http.js';
import type { KeyFetchFailure } from '../../src/keys/source/key-fetch-failure.js';
import { FakeIssuer, JWKS_PATH, type Behaviour } from '../fakes/fake-issuer.js';
import { redirect, respond } from '../fakes/misbehaviours.js';
import { headerOf, issuerAt, KeyWorld, quick, unknownHeader } from './support/key-world.js';

const secret = 'key-that-only-the-issuer-may-see';
const following = { allowPrivate: true, followsRedirects: true, bearerToken: secret, headers: { 'api-key': secret } };

describe('keys that are served in another way than as a plain document', () => {
  let h: FakeIssuer;
  let other: FakeIssuer;

  beforeEach(async () => {
    h = await FakeIssuer.start();
    other = await FakeIssuer.start();
  });

  afterEach(async () => {
    await h.stop();
    await other.stop();
  });

  /** What fetching the keys of `h` ends with, and whether a token of it finds its key. */
  async function outcome(network: IssuerNetwork = { allowPrivate: true }): Promise<readonly unknown[]> {
    using world = new KeyWorld([issuerAt(h, { freshness: quick, network })]);
    const verdict = await world.verdict('h', headerOf(h.key));
    await world.fetchEnded('h', 1);
    return [world.events.results('h')[0], verdict];
  }

  function ask(url: string, network: IssuerNetwork): Promise<HttpAnswer | KeyFetchFailure> {
    return new GuardedHttp()
      .get({ url, network, mayAuthorize: true }, AbortSignal.timeout(3_000))
      .catch((error: unknown) => error as KeyFetchFailure);
  }

  const served = (type: string, text: () => string | Buffer, more: Record<string, string> = {}): Behaviour => {
    return (_request, response) => response.writeHead(200, { 'content-type': type, ...more }).end(text());
  };
  const set = (): string => JSON.stringify(h.keySet());
  const gzip = { 'content-encoding': 'gzip' };

  it.each<[string, Behaviour]>([
    ['text/plain', served('text/plain', set)],
    ['a web page that is a key set', served('text/html; charset=UTF-8', set)],
    ['a byte order mark', served('application/json', () => `\ufeff${set()}`)],
    ['gzip', served('application/json', () => gzipSync(set()), gzip)],
    ['x-gzip', served('application/json', () => gzipSync(set()), { 'content-encoding': 'X-GZIP' })],
    ['the array alone', served('application/json', () => JSON.stringify([h.key.publicJwk]))],
    ['a single key', served('application/json', () => JSON.stringify(h.key.publicJwk))],
  ])('are used: %s', async (_case, behaviour) => {
    h.behaveForKeys(behaviour);

    expect(await outcome()).toEqual(['published', 1]);
  });

  const bomb = gzipSync(Buffer.alloc(16 * 1_024 * 1_024, ' '));
  it.each<[string, Behaviour, string]>([
    ['a bomb', served('application/json', () => bomb, gzip), 'oversize'],
    [
      'one byte too much',
      served('application/json', () => gzipSync(Buffer.alloc(256 * 1_024 + 1, ' ')), gzip),
      'oversize',
    ],
    ['a bomb of two members', served('application/json', () => twice(200 * 1_024), gzip), 'oversize'],
    ['too much as sent', served('application/json', () => Buffer.alloc(256 * 1_024 + 1), gzip), 'oversize'],
    ['no gzip', served('application/json', set, gzip), 'protocol'],
    ['half of it', served('application/json', () => gzipSync(set()).subarray(0, 60), gzip), 'protocol'],
    [
      'gzip twice',
      served('application/json', () => gzipSync(gzipSync(set())), { 'content-encoding': 'gzip, gzip' }),
      'protocol',
    ],
    ['deflate', served('application/json', set, { 'content-encoding': 'deflate' }), 'protocol'],
    ['a page', served('text/html', () => '<html></html>'), 'html'],
    [
      'a list of something else',
      served('application/json', () => `[${JSON.stringify(h.key.publicJwk)},{"x":1}]`),
      'key_set',
    ],
  ])('are not used: %s', async (_case, behaviour, category) => {
    h.behaveForKeys(behaviour);

    expect(await outcome()).toEqual([category, 'unavailable']);
  });

  it.each([301, 302, 303, 307, 308])(
    'are found behind a redirect (%i) within the server, where the configuration says so',
    async (status) => {
      h.behaveForKeys(redirect(status, '/moved'));
      h.behave('/moved', served('application/json', set));

      expect(await outcome(following)).toEqual(['published', 1]);
      expect(h.lastHeaders).toMatchObject({ authorization: `Bearer ${secret}`, 'api-key': secret });
      expect(await outcome()).toEqual(['redirect', 'unavailable']);
    },
  );

  it('F-13 are looked for nowhere else, and no credential goes there', async () => {
    const targets = [
      `${other.origin}/jwks`, // another port is another server
      h.jwksUri.replace('127.0.0.1', 'localhost'), // another name, the same address
      h.jwksUri.replace('http:', 'https:'),
      `//${new URL(other.origin).host}/jwks`,
      h.jwksUri.replace('//', '//user:password@'),
      'http://169.254.169.254/latest/meta-data/',
      'file:///etc/passwd',
      '',
      'http://[',
    ];
    for (const target of targets) {
      h.behaveForKeys(redirect(302, target));
      expect(await ask(h.jwksUri, following)).toMatchObject({ category: 'redirect', place: { stage: 'status' } });
    }
    expect([other.requests, other.connections]).toEqual([[], 0]);
  });

  it('F-13 are not looked for in a circle, nor behind more than three redirects', async () => {
    h.behaveForKeys(redirect(302, JWKS_PATH));
    expect(await ask(h.jwksUri, following)).toMatchObject({ category: 'redirect' });
    expect(h.keySetRequests).toBe(4);

    for (let i = 1; i <= 4; i++)
      h.behave(`/${i}`, i === 4 ? served('application/json', set) : redirect(307, `/${i + 1}`));
    expect(await ask(`${h.origin}/1`, following)).toMatchObject({ status: 200, isRedirected: true });
    h.behave('/0', redirect(302, '/1'));
    expect(await ask(`${h.origin}/0`, following)).toMatchObject({ category: 'redirect' });
  });

  it('F-12 are asked for at an address that is judged again with each hop', async () => {
    h.behaveForKeys(redirect(302, '/moved'));
    const answers = ['127.0.0.1', '169.254.169.254'];
    const resolve = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]);
    const url = h.jwksUri.replace('127.0.0.1', 'localhost');
    const asking = new GuardedHttp(resolve).get(
      { url, network: following, mayAuthorize: true },
      AbortSignal.timeout(3_000),
    );

    await expect(asking).rejects.toMatchObject({ category: 'address_refused' });
    expect(h.requests).toEqual([`GET ${JWKS_PATH}`]);
  });

  it('R9111-03 are not confirmed by a 304 to the validator that another place had given', async () => {
    const unlessKnown: Behaviour = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else served('application/json', set, { etag: '"1"' })(request, response);
    };
    h.behaveForKeys(redirect(302, '/moved'));
    h.behave('/moved', unlessKnown);
    using world = new KeyWorld([issuerAt(h, { freshness: { ...quick, minSpacingMs: 0 }, network: following })]);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    h.behaveForKeys(unlessKnown);
    await world.verdict('h', unknownHeader());

    expect(world.events.results('h')).toEqual(['published', 'published']);
  });

  it('are got with the headers that the server demands, which no other host is shown', async () => {
    h.behaveForKeys((request, response) => {
      if (request.headers['api-key'] === secret) served('application/json', set)(request, response);
      else respond(401)(request, response);
    });
    expect(await outcome({ allowPrivate: true, headers: { 'api-key': secret } })).toEqual(['published', 1]);
    expect(await outcome()).toEqual(['status_4xx', 'unavailable']);

    const network = { allowPrivate: true, headers: { 'api-key': secret, authorization: `Basic ${secret}` } };
    await new GuardedHttp().get({ url: other.jwksUri, network, mayAuthorize: false }, AbortSignal.timeout(3_000));
    expect(JSON.stringify(other.lastHeaders)).not.toContain(secret);
  });
});

/** Two gzip members, each of which is short enough. */
function twice(bytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(bytes, ' '));
  return Buffer.concat([member, member]);
}
