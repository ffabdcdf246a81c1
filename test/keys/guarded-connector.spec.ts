import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LookupAddress } from 'node:dns';
import type { Resolve } from '../../src/keys/source/guarded-connector.js';
import { GuardedHttp } from '../../src/keys/source/guarded-http.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { reset } from '../fakes/misbehaviours.js';
import { headerOf, issuerAt, KeyWorld, quick } from './support/key-world.js';

const publicAddress = '93.184.216.34';
const strict = { allowPrivate: false };

const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

/** Asks `url` once, with this resolver. @returns the category of the failure */
async function ask(url: string, resolve: Resolve, network = strict): Promise<string> {
  const signal = AbortSignal.timeout(300);
  try {
    await new GuardedHttp(resolve).get({ url, network, mayAuthorize: false }, signal);
    return 'answered';
  } catch (error) {
    return (error as { category: string }).category;
  }
}

const unasked: Resolve = () => Promise.reject(new Error('a literal was looked up'));

describe('addresses that an issuer may send us to', () => {
  let trap: Server;
  let port: number;
  let connections = 0;

  beforeAll(async () => {
    trap = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    trap.listen(0, '127.0.0.1');
    await once(trap, 'listening');
    ({ port } = trap.address() as AddressInfo);
  });

  beforeEach(() => {
    connections = 0;
  });

  afterEach(() => {
    expect(connections).toBe(0);
  });

  afterAll(() => {
    trap.close();
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '169.254.169.254',
    '100.100.100.200',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f.1',
    '127.1',
    '127.0.0.1.',
    '①②⑦.0.0.1',
  ])('F-11 I16 does not connect to the literal %s', async (host) => {
    expect(await ask(`https://${host}:${port}/jwks`, unasked)).toBe('address_refused');
  });

  it.each([
    ['localhost', v4('127.0.0.1')],
    ['localhost.', v4('127.0.0.1')],
    ['metadata.google.internal', v4('169.254.169.254')],
    ['127.0.0.1.nip.io', v4('127.0.0.1')],
    ['mapped.example', v6('::ffff:127.0.0.1')],
    ['cname-to-private.example', v4('10.0.0.1')],
    ['v6.example', v6('::1')],
  ])('F-11 F-12 does not connect to the name %s', async (host, address) => {
    const asked: string[] = [];
    const resolve: Resolve = async (hostname) => {
      asked.push(hostname);
      return [address];
    };

    expect(await ask(`https://${host}:${port}/jwks`, resolve)).toBe('address_refused');
    expect(asked).toEqual([host]);
  });

  it('F-12 never dials a private address among others, of either family', async () => {
    // The trap listens at the first of them; the others are public, and nobody routes them.
    const mixed = [v4('127.0.0.1'), v4('240.0.0.1'), v6('64:ff9b::7f00:1'), v4(publicAddress)];
    for (const addresses of [mixed, mixed.toReversed()]) {
      expect(await ask(`https://mixed.example:${port}/`, async () => addresses)).not.toBe('answered');
    }
    expect(await ask(`https://none.example:${port}/`, async () => [])).toBe('address_refused');
    expect(await ask(`https://bad.example:${port}/`, async () => mixed.slice(0, 3))).toBe('address_refused');
  });

  it('reports names that cannot be resolved', async () => {
    expect(await ask('https://nowhere.example/', () => Promise.reject(new Error('ENOTFOUND')))).toBe('dns');
  });

  it('gives up on a resolver that never answers', async () => {
    const startedMs = performance.now();

    expect(await ask('https://slow.example/', () => new Promise(() => undefined))).not.toBe('answered');
    // It would never end by itself.
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });
});

describe('names whose addresses change', () => {
  /** A resolver that gives these answers one after the other. */
  function rebinding(...answers: string[]): { resolve: Resolve; lookups: () => number } {
    let lookups = 0;
    return { resolve: async () => [v4(answers[lookups++] ?? '')], lookups: () => lookups };
  }

  const internal = { allowPrivate: true };

  it('F-12 are resolved once for a connection: the address that was checked is the one that is dialled', async () => {
    await using h = await FakeIssuer.start();
    const { resolve, lookups } = rebinding('127.0.0.1', '169.254.169.254');

    // Plain http to this name is only refused by the configuration; here the connector alone decides.
    const { port } = new URL(h.origin);
    expect(await ask(`http://rebind.example:${port}/jwks`, resolve, internal)).toBe('answered');
    expect(lookups()).toBe(1);
    expect(h.connections).toBe(1);
  });

  it('uses the good address where others beside it are refused, such as one that a NAT64 resolver made up', async () => {
    await using h = await FakeIssuer.start();
    const { port } = new URL(h.origin);
    const mixed = [v6('64:ff9b::7f00:1'), v4('169.254.169.254'), v4('127.0.0.1')];

    for (const addresses of [mixed, mixed.toReversed()]) {
      expect(await ask(`http://mixed.example:${port}/jwks`, async () => addresses, internal)).toBe('answered');
    }
    expect(h.connections).toBe(2);
  });

  it('F-12 are checked again for the one retry', async () => {
    await using h = await FakeIssuer.start();
    h.behaveForKeys(reset);
    const { resolve, lookups } = rebinding('127.0.0.1', '169.254.169.254');

    const { port } = new URL(h.origin);
    expect(await ask(`http://rebind.example:${port}/jwks`, resolve, internal)).toBe('address_refused');
    expect(lookups()).toBe(2);
    expect(h.connections).toBe(1);
  });
});

describe('proxies of the environment', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('F-14 are not used, so that they cannot change what is checked', async () => {
    await using h = await FakeIssuer.start();
    await using proxy = await FakeIssuer.start();
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']) {
      vi.stubEnv(name, proxy.origin);
    }
    vi.stubEnv('NODE_USE_ENV_PROXY', '1');
    using world = new KeyWorld([issuerAt(h, { freshness: quick })]);

    expect(await world.verdict('h', headerOf(h.key))).toBe(1);
    expect(proxy.connections).toBe(0);
    expect(await ask(`${h.origin}/jwks`, unasked)).toBe('address_refused');
  });
});
