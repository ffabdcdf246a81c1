import { beforeAll, describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { TestAuthority } from '../../test/keys/support/certificates.js';
import { FileText, unreadable } from '../shared/configuration/field.js';
import { readSection } from '../shared/configuration/read-section.js';
import type { IssuerNetwork } from './issuer-network.js';
import { IssuerNetworkSection, prepareNetwork } from './issuer-network.config.js';

const files: Record<string, string> = {
  key: 'api-key-value\n',
  empty: '\n',
  lines: 'a\r\nHost: evil.example',
  umlaut: 'ä',
  long: 'x'.repeat(8_193),
  token: 'bearer',
  pair: 'assay:pass:word\n',
  unpaired: 'password',
};

/** What the section becomes, with what is found wrong with it. */
function read(raw: object) {
  const recorded = new RecordedProblems();
  const { problems, warnings } = recorded;
  const file = (name: string): FileText | string =>
    name in files ? new FileText(`/etc/assay/${name}`, files[name] ?? '') : 'does not exist';
  const reading = { file, isSubstituted: () => false, isDemo: false };
  const section = readSection(IssuerNetworkSection, raw, recorded.place('network'), reading);
  const network = section === unreadable ? undefined : prepareNetwork(section, recorded.place('network'));
  return { network, problems, warnings };
}

function sound(raw: object): IssuerNetwork | undefined {
  const { network, problems } = read(raw);
  expect(problems).toEqual([]);
  return network;
}

describe('the way to a key source', () => {
  beforeAll(async () => {
    const authority = await TestAuthority.create();
    const [one, two] = [await authority.issue({}), await authority.issue({})];
    Object.assign(files, { 'client.crt': one.cert, 'client.key': one.key, 'other.key': two.key });
  });

  it('has nothing special about it where nothing is written', () => {
    expect(sound({})).toEqual({ allowPrivate: false });
    expect(sound({ followRedirects: 'never' })).toEqual({ allowPrivate: false });
  });

  it('may have redirects, headers, a proxy and a client certificate', () => {
    const network = sound({
      allowPrivate: true,
      followRedirects: 'sameHost',
      headers: { 'Api-Key': { file: 'key' }, authorization: { file: 'key' } },
      proxyUrl: 'http://proxy.corp.example:3128',
      proxyCredentialsFile: 'pair',
      clientCertificateFile: 'client.crt',
      clientKeyFile: 'client.key',
    });
    expect(network).toMatchObject({
      followsRedirects: true,
      headers: { 'api-key': 'api-key-value', authorization: 'api-key-value' },
      proxy: {
        hostname: 'proxy.corp.example',
        port: 3128,
        authorization: `Basic ${Buffer.from('assay:pass:word').toString('base64')}`,
      },
    });
    expect(network?.clientCertificate?.key).toContain('PRIVATE KEY');
  });

  it('says that a proxy takes the judgement of addresses away, until that is written out', () => {
    const proxyUrl = 'http://[::1]:3128';
    expect(read({ proxyUrl })).toMatchObject({
      network: { proxy: { hostname: '::1', port: 3128 } },
      warnings: [{ path: 'network.proxyUrl' }],
    });
    expect(read({ proxyUrl, allowPrivate: true }).warnings).toEqual([]);
  });

  const bearer = { bearerTokenFile: 'token' };
  it.each<[string, object, string]>([
    ['a value in the file', { headers: { 'api-key': 'k' } }, 'network.headers.api-key'],
    ['a file that is not there', { headers: { 'api-key': { file: 'none' } } }, 'network.headers.api-key.file'],
    ['an empty value', { headers: { 'api-key': { file: 'empty' } } }, 'network.headers.api-key.file'],
    ['a second header in the value', { headers: { 'api-key': { file: 'lines' } } }, 'network.headers.api-key.file'],
    ['a value that is no ASCII', { headers: { 'api-key': { file: 'umlaut' } } }, 'network.headers.api-key.file'],
    ['a long value', { headers: { 'api-key': { file: 'long' } } }, 'network.headers.api-key.file'],
    ['another key', { headers: { 'api-key': { file: 'key', x: 1 } } }, 'network.headers.api-key.x'],
    [
      'one header twice',
      { headers: { 'api-key': { file: 'key' }, 'API-Key': { file: 'key' } } },
      'network.headers.API-Key',
    ],
    ['two authorizations', { ...bearer, headers: { Authorization: { file: 'key' } } }, 'network.headers.authorization'],
    ['a list of headers', { headers: ['api-key'] }, 'network.headers'],
    ['a proxy of another kind', { proxyUrl: 'socks5://proxy:1080' }, 'network.proxyUrl'],
    ['a proxy over TLS', { proxyUrl: 'https://proxy:3128' }, 'network.proxyUrl'],
    ['a proxy with a path', { proxyUrl: 'http://proxy:3128/x' }, 'network.proxyUrl'],
    ['a proxy without a scheme', { proxyUrl: 'proxy:3128' }, 'network.proxyUrl'],
    ['credentials without a proxy', { proxyCredentialsFile: 'pair' }, 'network.proxyCredentialsFile'],
    [
      'credentials that are no pair',
      { proxyUrl: 'http://proxy', proxyCredentialsFile: 'unpaired' },
      'network.proxyCredentialsFile',
    ],
    ['redirects to anywhere', { followRedirects: 'any' }, 'network.followRedirects'],
    ['a certificate alone', { clientCertificateFile: 'client.crt' }, 'network.clientKeyFile'],
    ['a key alone', { clientKeyFile: 'client.key' }, 'network.clientCertificateFile'],
    [
      'a key of another certificate',
      { clientCertificateFile: 'client.crt', clientKeyFile: 'other.key' },
      'network.clientCertificateFile',
    ],
  ])('is refused with %s', (_case, raw, path) => {
    const { network, problems } = read(raw);

    expect(network).toBeUndefined();
    expect(problems.map((problem) => problem.path.replaceAll(/\["([^"]+)"\]/g, '.$1'))).toEqual([path]);
  });

  it.each([
    'Host',
    'connection',
    'Transfer-Encoding',
    'content-length',
    'proxy-authorization',
    'te',
    'upgrade',
    'expect',
    'accept-encoding',
    'if-none-match',
    'range',
    'a b',
    'x:y',
    '',
  ])('is refused with the header %j', (name) => {
    expect(read({ headers: { [name]: { file: 'key' } } }).problems).toHaveLength(1);
  });

  it('never repeats a password that somebody wrote into the URL of a proxy', () => {
    const { problems } = read({ proxyUrl: 'http://assay:hunter2@proxy:3128' });

    expect(problems).toMatchObject([
      { path: 'network.proxyUrl', expected: expect.stringContaining('proxyCredentialsFile') as string },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });
});
