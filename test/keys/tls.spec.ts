import type { TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { TestAuthority } from './support/certificates.js';
import { headerOf, issuerAt, KeyWorld, quick } from './support/key-world.js';

describe('TLS to a key server', () => {
  let authority: TestAuthority;

  beforeAll(async () => {
    authority = await TestAuthority.create();
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const localhost = { type: 'dns', value: 'localhost' } as const;

  /** What a fetch from a server with these TLS options, under the name `localhost`, ends with. */
  async function fetchFrom(tls: TlsOptions, ca = authority.pem): Promise<string> {
    await using h = await FakeIssuer.start({ tls, host: 'localhost' });
    await using g = await FakeIssuer.start();
    const network = { allowPrivate: true, ca };
    using world = new KeyWorld([issuerAt(h, { freshness: quick, network }), issuerAt(g, { id: 'g' })]);
    const [verdict, beside] = await Promise.all([
      world.verdict('h', headerOf(h.key)),
      world.verdict('g', headerOf(g.key)),
    ]);
    expect(beside).toBe(1);
    expect(verdict).toBe(h.keySetRequests > 0 ? 1 : 'unavailable');
    return world.events.results('h').at(-1)!;
  }

  it('trusts the authority of the configuration, for the name in subjectAltName', async () => {
    expect(await fetchFrom(await authority.issue({ names: [localhost] }))).toBe('published');
  });

  it('F-15 R8414-07 refuses an authority that nobody configured', async () => {
    const tls = await authority.issue({ names: [localhost] });
    const other = await TestAuthority.create();

    expect(await fetchFrom(tls, other.pem)).toBe('tls');
    await using h = await FakeIssuer.start({ tls, host: 'localhost' });
    using world = new KeyWorld([issuerAt(h, { freshness: quick })]);
    expect(await world.verdict('h', headerOf(h.key))).toBe('unavailable');
    expect(world.events.results('h')).toEqual(['tls']);
  });

  it.each([
    ['expired', { names: [localhost], expiresInDays: -1 }],
    ['for another name', { names: [{ type: 'dns', value: 'keys.example' } as const] }],
    ['with the name in CN only', { commonName: 'localhost' }],
    ['for the address, not the name', { names: [{ type: 'ip', value: '127.0.0.1' } as const] }],
  ])('F-15 refuses a certificate that is %s', async (_case, certificate) => {
    expect(await fetchFrom(await authority.issue(certificate))).toBe('tls');
  });

  it('F-15 refuses a self-signed certificate', async () => {
    const self = await TestAuthority.create();
    const tls = await self.issue({ names: [localhost] });

    expect(await fetchFrom(tls)).toBe('tls');
  });

  it('F-15 refuses TLS older than 1.2', async () => {
    const tls = await authority.issue({ names: [localhost] });
    const ancient = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

    expect(await fetchFrom({ ...tls, ...ancient })).toBe('tls');
  });

  it('F-15 cannot be talked out of it by the environment', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');

    expect(await fetchFrom(await authority.issue({ names: [localhost], expiresInDays: -1 }))).toBe('tls');
  });
});
