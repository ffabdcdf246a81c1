import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultFreshness } from '../../src/issuers/freshness.config.js';
import { FakeIssuer, JWKS_PATH, sendJson } from '../fakes/fake-issuer.js';
import { json } from '../fakes/misbehaviours.js';
import { headerOf, issuerAt, KeyWorld, quick, unknownHeader } from './support/key-world.js';

describe('what a key set says about its own life', () => {
  let h: FakeIssuer;

  beforeAll(async () => {
    h = await FakeIssuer.start();
  });

  beforeEach(() => {
    h.recover();
  });

  afterAll(async () => {
    await h.stop();
  });

  /** Serves the keys with these headers. @returns milliseconds until the next fetch */
  async function nextRefreshAfter(headers: Record<string, string | string[]>): Promise<number> {
    h.behaveForKeys((_request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(JSON.stringify(h.keySet()));
    });
    using world = new KeyWorld([issuerAt(h, { freshness: defaultFreshness })], { random: () => 1 });
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    return world.freshness('h').nextRefreshInMs!;
  }

  it.each<[string, Record<string, string | string[]>, number]>([
    ['max-age=0', { 'cache-control': 'max-age=0' }, 60_000],
    ['no-store', { 'cache-control': 'no-store' }, 60_000],
    ['max-age=-1', { 'cache-control': 'max-age=-1' }, 60_000],
    ['a year', { 'cache-control': 'max-age=99999999999' }, 300_000],
    ['two headers', { 'cache-control': ['max-age=300', 'max-age=0'] }, 60_000],
    ['Expires: 0', { expires: '0' }, 60_000],
    ['Age: 10^9', { 'cache-control': 'max-age=300', age: '1000000000' }, 60_000],
    [
      'a Date in the past',
      { date: 'Thu, 01 Jan 2015 00:00:00 GMT', expires: 'Thu, 01 Jan 2015 00:02:00 GMT' },
      120_000,
    ],
    ['two minutes', { 'cache-control': 'max-age=120' }, 120_000],
    ['nothing', {}, 300_000],
  ])('F-22 %s: no busy loop, no year-long cache', async (_case, headers, expectedMs) => {
    const nextMs = await nextRefreshAfter(headers);

    expect(nextMs).toBeLessThanOrEqual(expectedMs);
    expect(nextMs).toBeGreaterThan(expectedMs * 0.9 - 1_000);
  });

  it('R9111-03 asks whether the set is still the same, and takes 304 for a proof', async () => {
    const etag = 'W/"one"';
    h.behaveForKeys((request, response) => {
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else sendJson(response, h.keySet(), { etag, 'last-modified': 'Sat, 21 Nov 2026 12:00:00 GMT' });
    });
    using world = new KeyWorld([issuerAt(h, { freshness: quick })]);
    world.keys.start();
    await world.fetchEnded('h', 3);

    expect(world.events.results('h').slice(0, 3)).toEqual(['published', 'unchanged', 'unchanged']);
    expect(h.lastHeaders['if-modified-since']).toBe('Sat, 21 Nov 2026 12:00:00 GMT');
    expect(world.freshness('h').ageMs).toBeLessThan(1_000);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
  });

  it('F-23 a 304 leaves the stored set as it is, whatever comes with it', async () => {
    const intruder = JSON.stringify({ keys: [] });
    using world = new KeyWorld([issuerAt(h, { freshness: quick })]);
    h.behaveForKeys(json(JSON.stringify(h.keySet()), { etag: '"one"' }));
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    h.behaveForKeys((request) => {
      request.socket.write(
        `HTTP/1.1 304 Not Modified\r\nContent-Length: ${intruder.length}\r\nETag: "two"\r\n\r\n${intruder}`,
      );
    });
    await world.verdict('h', unknownHeader());
    await world.fetchEnded('h', 2);

    expect(world.freshness('h').keys).toHaveLength(1);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
  });

  it('F-23 remembers no validator without measure', async () => {
    h.behaveForKeys(json(JSON.stringify(h.keySet()), { etag: `"${'x'.repeat(10_000)}"` }));
    using world = new KeyWorld([issuerAt(h, { freshness: quick })]);
    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    await world.verdict('h', unknownHeader());

    expect(h.lastHeaders['if-none-match']).toBeUndefined();
  });

  it('F-26 shows the secret in the URL of a key set to the issuer alone', async () => {
    const url = `${h.origin}${JWKS_PATH}?api_key=hunter2`;
    using world = new KeyWorld([issuerAt(h, { freshness: quick, keys: { kind: 'jwksUri', url } })]);
    const asked: (string | undefined)[] = [];
    h.behaveForKeys((request, response) => {
      asked.push(request.url);
      response.writeHead(500).end();
    });
    const error: unknown = await world.keys.find(world.issuers.byId('h')!, headerOf(h.key)).catch((e: unknown) => e);

    expect(asked).toEqual([`${JWKS_PATH}?api_key=hunter2`]);
    expect(JSON.stringify([error, String(error), world.events.all, world.keys.freshness()])).not.toContain('hunter2');
  });
});
