/** A provider on loopback that publishes and signs as a row says, under its real identifier. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { X509CertificateGenerator } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { aKey, type TestKey } from '../../builders/a-key.js';
import { TokenBuilder, type Members } from '../../builders/a-token.js';
import type { Section } from '../../e2e/support/configuration.js';
import { sendJson } from '../../fakes/fake-issuer.js';
import type { Issued, ProviderRow, Refused } from './provider-row.js';

/** One that signs, and one that was there before or comes next: every provider publishes several. */
const keys = {
  RS256: [aKey('RS256', { kid: 'signs' }), aKey('RS256', { kid: 'next' })],
  ES256: [aKey('ES256', { kid: 'signs' }), aKey('ES256', { kid: 'next' })],
} as const;

const METADATA = '/.well-known/openid-configuration';
const KEYS = '/keys';

/** A server with the metadata and the keys of one provider. */
export class ScriptedProvider {
  private constructor(
    private readonly row: ProviderRow,
    private readonly server: Server,
  ) {}

  static async start(row: ProviderRow): Promise<ScriptedProvider> {
    const documents = new Map<string, object>();
    const server = createServer(({ url = '' }, response) => {
      const document = documents.get(url);
      if (document) sendJson(response, document, url === KEYS ? row.headers : {});
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new ScriptedProvider(row, server);
    const metadata = { issuer: row.iss, jwks_uri: started.at(KEYS), response_types_supported: ['code'] };
    documents.set(METADATA, { ...metadata, ...row.metadata });
    const published = await Promise.all(keys[row.alg].map((key) => publishedAs(key, row.published)));
    documents.set(KEYS, { keys: published, ...row.document });
    return started;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The registration that a reader of its page writes, but for the place of the keys, which is here. */
  get registration(): Section {
    const { preset, iss, place, registration } = this.row;
    const places = { discoveryUrl: METADATA, jwksUri: KEYS } as const;
    const whose =
      place === 'bundle'
        ? { spiffe: { ...(registration['spiffe'] as object), bundle: { url: this.at(KEYS) } } }
        : { issuer: registration['issuer'] ?? iss, keys: { [place]: this.at(places[place]) } };
    return { id: 'provider', preset, ...registration, ...whose, network: { allowPrivate: true } };
  }

  /** A token as the row describes it, with the claims that it has. */
  issue({ header = {}, claims = {}, lives = 300 }: Issued): { readonly token: string; readonly claims: Members } {
    const now = Math.floor(Date.now() / 1000);
    const said = { iss: this.row.iss, iat: now, exp: now + lives, ...claims };
    const token = new TokenBuilder({ header: {}, claims: said }).signedBy(keys[this.row.alg][0]).header(header).build();
    return { token, claims: said };
  }

  /** What is sent instead of an access token. */
  instead(refused: Refused): string {
    if (refused.text !== undefined) return refused.text;
    const [usual] = this.row.accepted;
    const { header, claims, lives } = { ...usual, ...refused };
    const merged = {
      header: { ...usual.header, ...header },
      claims: refused.whole ?? { ...usual.claims, ...claims },
      ...(lives !== undefined && { lives }),
    };
    const { token } = this.issue(merged);
    if (!refused.signedWith) return token;
    // The header of the one with the payload and the signature of the other.
    const signed = this.issue({ ...merged, header: { ...merged.header, ...refused.signedWith } }).token;
    return [token.split('.')[0], ...signed.split('.').slice(1)].join('.');
  }

  private at(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }
}

async function publishedAs(key: TestKey, { certificate, ...members }: ProviderRow['published']): Promise<object> {
  const { alg, use, ...material } = key.jwk;
  const usual = { ...material, use: members.use ?? use, ...('alg' in members ? members : { alg, ...members }) };
  return certificate ? { ...usual, x5c: [await certificateOf(key)] } : usual;
}

/** Such a certificate as providers put beside a key: signed by the key itself. */
async function certificateOf({ privateKey, publicKey }: TestKey): Promise<string> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const pair = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
  const times = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2036-01-01T00:00:00Z') };
  const made = await X509CertificateGenerator.createSelfSigned({ ...times, name: 'CN=signs', keys: pair });
  return Buffer.from(made.rawData).toString('base64');
}
