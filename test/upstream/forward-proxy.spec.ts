import { expect, it } from 'vitest';
import { ConnectProxy } from '../fakes/connect-proxy.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { TestAuthority } from '../keys/support/certificates.js';
import { FileBox } from './support/file-box.js';
import { opaqueIssuer, OpaqueWorld } from './support/opaque-world.js';
import { text } from './support/three-issuers.js';

it('OPQ-11 the way goes through the proxy of the registration, and shows the issuer nothing that is for its keys', async () => {
  const authority = await TestAuthority.create();
  const tls = await authority.issue({ names: [{ type: 'dns', value: 'localhost' }] });
  await using proxy = await ConnectProxy.start();
  await using issuer = await FakeIssuer.start({ tls, host: 'localhost' });
  issuer.behave('/introspect', (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(world.good()));
  });
  const files = new FileBox();
  const network = {
    allowPrivate: true,
    caFile: files.write('ca', authority.pem),
    proxyUrl: proxy.url,
    bearerTokenFile: files.write('bearer', 'for-the-keys-alone'),
    headers: { 'x-way': { file: files.write('way', 'in') } },
  };
  const match = { match: { prefix: 'zt_v1_' } };
  const { origin, host } = new URL(issuer.jwksUri);
  const world = await OpaqueWorld.open([opaqueIssuer('zitadel', `${origin}/introspect`, match, { network })]);

  const token = `zt_v1_${text()}`;
  expect(await world.verdict(token)).toMatchObject({ active: true, sub: 'alice' });
  expect(proxy.targets).toEqual([host]);
  expect(issuer.lastHeaders).toMatchObject({
    'x-way': 'in',
    authorization: expect.stringMatching(/^Basic /) as string,
  });
  expect(JSON.stringify(issuer.lastHeaders)).not.toContain('for-the-keys-alone');
  expect(proxy.carried).not.toContain(token);
  await world.close();
});
