import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aConfiguration, environment } from './support/a-configuration.js';
import { Directory } from './support/directory.js';
import { load } from './support/load.js';

const inFile = { pemFile: 'key.pem' };
const overHttps = { jwksUri: 'https://keys.corp.example/jwks' };
const byMetadata = { discoveryUrl: 'https://login.corp.example/.well-known/openid-configuration' };

describe('an issuer identifier', () => {
  let directory: Directory;

  beforeEach(async () => {
    directory = await Directory.create();
    await directory.write('key.pem', 'a key');
  });

  afterEach(async () => {
    await directory.remove();
  });

  it.each([
    ['a URL with keys in a file', 'https://login.corp.example/', inFile, {}],
    ['loopback in development', 'http://127.0.0.1:8082', { discovery: 'oidc' }, { allowPrivate: true }],
    ['any text whose keys do not come from discovery', 'kubernetes/serviceaccount', inFile, {}],
    ['any text with metadata at a URL', 'kubernetes/serviceaccount', byMetadata, {}],
    ['an http URL, as a name, with keys in a file', 'http://adfs.corp.example/adfs/services/trust', inFile, {}],
    ['an http URL, as a name, with keys over https', 'http://keycloak.auth.svc:8080/realms/shop', overHttps, {}],
    ['an http URL, as a name, with metadata over https', 'http://login.corp.example', byMetadata, {}],
  ])('R8414-01 may be %s', async (_name, issuer, keys, network) => {
    const raw = aConfiguration();
    Object.assign(raw.issuers[0]!, { issuer, keys, network });
    await directory.configure(raw);

    const { configuration } = await load(directory.file, environment);

    expect(configuration.issuers[0]?.issuer).toBe(issuer);
  });

  it.each([
    ['one caller for each of them', [{ issuers: ['corp'] }, { id: 'other', issuers: ['green'] }]],
    ['a caller that tells them apart', [{ issuers: 'any', readsIssuerId: true }]],
  ])('may be that of two registrations: %s', async (_name, callers) => {
    const raw = aConfiguration();
    const [corp, caller] = [raw.issuers[0]!, raw.callers[0]!];
    raw.issuers = [
      { ...corp, keys: { jwksUri: 'https://blue.example/keys' } },
      { ...corp, id: 'green', keys: { jwksUri: 'https://green.example/keys' } },
    ];
    raw.callers = callers.map((differences) => ({ ...caller, ...differences }));
    await directory.configure(raw);

    const { configuration } = await load(directory.file, environment);

    expect(configuration.issuers.map(({ id }) => id)).toEqual(['corp', 'green']);
  });
});
