import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fakes/eventually.js';
import type { Behaviour } from '../fakes/fake-issuer.js';
import {
  bigBody,
  dripBody,
  dripHeaders,
  endless,
  gzipBomb,
  hang,
  hangAfterHeaders,
  json,
  redirect,
  reset,
  resetMidBody,
  respond,
  truncate,
} from '../fakes/misbehaviours.js';
import { HostilePair } from './support/hostile-pair.js';
import { headerOf, quick, unknownHeader, SHORT_DEADLINE_MS } from './support/key-world.js';

const mebibyte = 1_024 * 1_024;

describe('hostile answers of a key server (table 2.F)', () => {
  let pair: HostilePair;

  beforeAll(async () => {
    pair = await HostilePair.start();
  });

  afterAll(async () => {
    await pair.stop();
  });

  it.each<[string, Behaviour, string]>([
    ['10 MiB announced', bigBody(10 * mebibyte), 'oversize'],
    ['10 GiB announced', bigBody(10_240 * mebibyte), 'oversize'],
    ['endless chunks', endless, 'oversize'],
    ['a gzip bomb', gzipBomb(64 * mebibyte), 'oversize'],
    ['brotli that nobody asked for', json('{"keys":[]}', { 'content-encoding': 'br' }), 'protocol'],
    ['a header of 1 MiB', respond(200, '{}', { 'x-large': 'x'.repeat(mebibyte) }), 'oversize'],
  ])('F-01 stops reading: %s', async (_case, behaviour, category) => {
    const before = pair.h.bytesSent;
    const { warm, cold } = await pair.meet(behaviour);

    expect([warm, cold]).toEqual([category, category]);
    await eventually(() => pair.h.openConnections === 0);
    // What the kernel buffered on the way is lost, not read: two fetches never cost as much as the smallest of these bodies.
    expect(pair.h.bytesSent - before).toBeLessThan(8 * mebibyte);
  });

  it.each<[string, Behaviour, string]>([
    ['accepts and never answers', hang, 'timeout'],
    ['headers without an end', dripHeaders, 'timeout'],
    ['headers and then nothing', hangAfterHeaders, 'timeout'],
    ['one byte after the other', dripBody, 'timeout'],
    ['a reset in the middle', resetMidBody, 'connect'],
    ['less than it announced', truncate, 'connect'],
  ])('F-02 D7 D9 ends at the deadline or with the connection: %s', async (_case, behaviour, category) => {
    const { warm, cold } = await pair.meet(behaviour, { fetchDeadlineMs: SHORT_DEADLINE_MS });

    // None of these would ever end by itself.
    expect([warm, cold]).toEqual([category, category]);
  });

  it('F-02 tries once more, inside the deadline, when no byte of an answer arrived', async () => {
    pair.h.recover();
    using world = pair.world();
    let requests = 0;
    pair.h.behaveForKeys((request, response) => {
      if (++requests === 1) reset(request, response);
      else json(JSON.stringify({ keys: [pair.h.key.publicJwk] }))(request, response);
    });

    await pair.expectGood(world, 'h');
    expect(requests).toBe(2);
    expect(world.events.results('h')).toEqual(['published']);
  });

  it('F-02 does not try a third time', async () => {
    pair.h.recover();
    const before = pair.h.keySetRequests;
    using world = pair.world();
    pair.h.behaveForKeys(reset);
    await world.verdict('h', unknownHeader());
    expect(pair.h.keySetRequests - before).toBe(2);
    expect(world.events.results('h')).toEqual(['connect']);
  });

  it('F-02 does not try again after a byte arrived', async () => {
    pair.h.recover();
    const before = pair.h.keySetRequests;
    using world = pair.world();
    pair.h.behaveForKeys(resetMidBody);
    await world.verdict('h', unknownHeader());
    expect(pair.h.keySetRequests - before).toBe(1);
  });

  it.each<[string, Behaviour, string]>([
    ['200 with a web page', respond(200, '<html>', { 'content-type': 'text/html; charset=utf-8' }), 'html'],
    ['200 with a page of JSON', respond(200, '{"keys":[]}', { 'content-type': 'TEXT/HTML' }), 'html'],
    ['204', respond(204), 'status_other'],
    ['206', respond(206, '{"keys":[]}'), 'status_other'],
    ['304 without an ETag', respond(304), 'status_other'],
    ['401', respond(401), 'status_4xx'],
    ['404', respond(404), 'status_4xx'],
    ['410', respond(410), 'status_4xx'],
    ['500', respond(500, '{"keys":[]}', { 'cache-control': 'max-age=86400' }), 'status_5xx'],
    ['503', respond(503), 'status_5xx'],
    ['429', respond(429), 'rate_limited'],
  ])('F-04 counts as a failed refresh: %s', async (_case, behaviour, category) => {
    const { warm, cold } = await pair.meet(behaviour);

    expect([warm, cold]).toEqual([category, category]);
  });

  it.each([301, 302, 303, 307, 308])('F-04 F-13 follows no redirect: %i', async (status) => {
    const before = pair.g.requests.length;
    const targets = [
      `${pair.g.origin}/hop`,
      'http://169.254.169.254/latest/meta-data/',
      pair.h.jwksUri,
      'https://keys.example/',
    ];
    for (const target of targets) {
      const { warm, cold } = await pair.meet(redirect(status, target));
      expect([warm, cold]).toEqual(['redirect', 'redirect']);
    }
    expect(pair.g.requests.slice(before)).not.toContain('GET /hop');
  });

  it('F-04 R9110-03 honours Retry-After, but not for thirty years', async () => {
    pair.h.recover();
    pair.h.behaveForKeys(respond(429, '', { 'retry-after': '1000000000' }));
    using world = pair.world();

    expect(await world.verdict('h', headerOf(pair.h.key))).toBe('unavailable');

    const { nextRefreshInMs, lastFailure } = world.freshness('h');
    expect(lastFailure?.category).toBe('rate_limited');
    expect(nextRefreshInMs).toBeGreaterThan(290_000);
    expect(nextRefreshInMs).toBeLessThanOrEqual(300_000);
  });

  it('F-04 D8 takes no cache headers from an error', async () => {
    const { world } = await pair.meet(respond(500, '', { 'cache-control': 'max-age=86400' }));

    expect(world.freshness('h').nextRefreshInMs).toBeLessThanOrEqual(quick.refreshMs * 2);
  });

  it.each([
    ['{"keys":[]}', 'empty'],
    ['{}', 'key_set'],
    ['{"error":"not now"}', 'key_set'],
    ['{"keys":null}', 'key_set'],
    ['{"keys":{}}', 'key_set'],
    ['{"keys":"x"}', 'key_set'],
    ['[]', 'key_set'],
    ['null', 'key_set'],
    ['""', 'key_set'],
    ['{"kty":"EC","crv":"P-256"}', 'key_set'],
    ['{"keys":[],"keys":[]}', 'json'],
    ['{"keys":[', 'json'],
    ['', 'json'],
    ['\ufeff{"keys":[]}', 'empty'],
  ])('F-05 D15 keeps the last good set after %j', async (text, category) => {
    const { warm, cold } = await pair.meet(json(text));

    expect([warm, cold]).toEqual([category, category]);
  });

  it('R7517-01 lets the JSON decide where the type is not that of a web page', async () => {
    pair.h.recover();
    const body = JSON.stringify({ keys: [pair.h.key.publicJwk] });
    for (const type of ['application/jwk-set+json', 'text/plain', 'application/octet-stream', 'binary/octet-stream']) {
      pair.h.behaveForKeys(respond(200, body, { 'content-type': type }));
      using world = pair.world();
      await pair.expectGood(world, 'h');
    }
  });

  it('R9110-02 says who asks for what, and carries nothing else', async () => {
    pair.h.recover();
    using world = pair.world();
    await pair.expectGood(world, 'h');

    const { host, connection, ...headers } = pair.h.lastHeaders;
    expect(host).toBe(new URL(pair.h.origin).host);
    expect(connection).toBeDefined();
    expect(headers).toEqual({
      accept: 'application/jwk-set+json, application/json',
      'accept-encoding': 'identity',
      'cache-control': 'no-cache',
      'user-agent': 'assay',
    });
  });
});
