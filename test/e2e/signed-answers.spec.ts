import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aKey, thumbprintOf, type TestKey } from '../builders/a-key.js';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { AssayProcess, emptyDirectory, type Ports } from './support/assay-process.js';
import { EnvoyClient } from '../gateway/support/envoy.js';
import { Scraped } from '../telemetry/support/scraped.js';
import { GrpcClient } from '../transport/grpc/support/client.js';
import { basic } from '../transport/http/support/requests.js';
import { callerSection, configurationOf, introspect, issuerSection, ordersApi } from './support/configuration.js';

// eslint-disable-next-line @typescript-eslint/no-deprecated -- this machine talks to itself
const insecure = { [oauth.allowInsecureRequests]: true } as const;
const billingApi = { id: 'billing-api', secret: 'billing-secret-Rk5Hx9Tb2QmYv7Jc' };

/** Which file of the directory has the key that signs now, and so on. */
type Uses = Readonly<Record<string, 'signing' | 'next' | 'previous'>>;

/** As its users have it: our answers, read by somebody else's library, with the keys that `/jwks` has then. */
describe('signed answers of the built program, read by oauth4webapi', () => {
  let issuer: FakeIssuer;
  let assay: AssayProcess;
  let directory: string;
  let server: oauth.AuthorizationServer;
  const keys = { a: aKey('ES256'), b: aKey('ES256') };

  const configure = (ports: Ports, uses: Uses) => {
    const identifier = `http://127.0.0.1:${ports.http}`;
    const signing = {
      keys: Object.entries(uses).map(([id, use]) => ({ id, keyFile: `${id}.pem`, alg: 'ES256', use })),
    };
    // Somebody registers us as an issuer, and even our answers as a kind of token.
    const own = issuerSection(
      'self',
      { issuer: identifier },
      {
        keys: { jwksUri: `${identifier}/jwks` },
        audiences: 'any',
        tokenTypes: ['token-introspection+jwt'],
        requiredClaims: ['iss'],
      },
    );
    const trustedProxies = ['127.0.0.1/32'];
    const whole = configurationOf(ports, [issuerSection('corp', issuer), own], { identifier, signing, trustedProxies });
    return {
      ...whole,
      callers: [
        { ...callerSection(ordersApi.id, ordersApi.secret), signed: { alg: 'ES256' }, revoke: 'any' },
        { ...callerSection(billingApi.id, billingApi.secret), signed: { required: true } },
        { id: 'edge', proxy: true, issuers: 'any', audiences: 'any', claims: 'any' },
      ],
    };
  };

  const writeKey = (name: string, { privateKey }: TestKey) =>
    writeFile(join(directory, `${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }));

  beforeAll(async () => {
    issuer = await FakeIssuer.start();
    directory = await emptyDirectory();
    await Promise.all([writeKey('a', keys.a), writeKey('b', keys.b)]);
    assay = await AssayProcess.start((ports) => configure(ports, { a: 'signing', b: 'next' }), { directory });
    server = await discover();
  });

  afterAll(async () => {
    await assay.stop();
    await issuer.stop();
  });

  /** Each time a new object: the library keeps keys with it. */
  async function discover(): Promise<oauth.AuthorizationServer> {
    const url = new URL(assay.publicUrl);
    const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...insecure });
    return oauth.processDiscoveryResponse(url, response);
  }

  const clientOf = ({ id }: typeof ordersApi): oauth.Client => ({
    client_id: id,
    introspection_signed_response_alg: 'ES256',
  });

  async function signedAnswer(token: string, caller = ordersApi): Promise<string> {
    const secret = oauth.ClientSecretBasic(caller.secret);
    const options = { requestJwtResponse: true, ...insecure };
    const response = await oauth.introspectionRequest(server, clientOf(caller), secret, token, options);
    expect(response.headers.get('content-type')).toBe('application/token-introspection+jwt');
    return response.text();
  }

  /** What the library makes of an answer, and of its signature. */
  async function read(answer: string, caller = ordersApi): Promise<oauth.IntrospectionResponse> {
    const as = await discover();
    const response = new Response(answer, { headers: { 'content-type': 'application/token-introspection+jwt' } });
    const read = await oauth.processIntrospectionResponse(as, clientOf(caller), response);
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return read;
  }

  const publishedKids = async (): Promise<readonly unknown[]> => {
    const { keys } = (await (await fetch(`${assay.publicUrl}/jwks`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid).sort();
  };

  const kidsOf = (...of: readonly TestKey[]) => of.map(({ jwk }) => thumbprintOf(jwk)).sort();

  it('are accepted, for good tokens and for bad ones', async () => {
    const active = await read(await signedAnswer(await issuer.sign()));
    expect(active).toMatchObject({ active: true, iss: issuer.issuer });
    expect(await read(await signedAnswer('bad'))).toEqual({ active: false });
    expect(await read(await signedAnswer('bad', billingApi), billingApi)).toEqual({ active: false });
  });

  it('are refused by another caller than the one that they are for', async () => {
    const answer = await signedAnswer(await issuer.sign());
    await expect(read(answer, billingApi)).rejects.toThrow('unexpected JWT "aud" (audience) claim value');
  });

  it('are refused when they were changed', async () => {
    const [header, claims = '', signature] = (await signedAnswer('bad')).split('.');
    const said = Buffer.from(claims, 'base64url').toString();
    const changed = said.replace('"active":false', '"active":true');
    expect(changed).not.toBe(said);
    const answer = [header, Buffer.from(changed).toString('base64url'), signature].join('.');
    await expect(read(answer)).rejects.toThrow('JWT signature verification failed');
  });

  it('are good as a token nowhere, not even where somebody has registered us as an issuer of them', async () => {
    const answer = await signedAnswer(await issuer.sign());
    expect((await introspect(assay, answer)).body).toEqual({ active: false });
    expect((await introspect(assay, await issuer.sign())).body['active']).toBe(true);
    const bearer = { authorization: `Bearer ${answer}` };
    expect((await fetch(`${assay.publicUrl}/authorize?caller=edge`, { headers: bearer })).status).toBe(401);
    const ask = (path: string, form: Record<string, string>, headers = {}) =>
      fetch(assay.publicUrl + path, { method: 'POST', headers, body: new URLSearchParams(form) });
    expect((await ask('/introspect', { token: 'x' }, bearer)).status).toBe(401);
    const assertion = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: answer,
      client_id: ordersApi.id,
    };
    expect((await ask('/introspect', { token: 'x', ...assertion })).status).toBe(401);
  });

  it('SIG-03 are good as a token over gRPC neither, and cannot be revoked', async () => {
    const answer = await signedAnswer(await issuer.sign());
    const client = new GrpcClient(assay.ports.grpc);
    const envoy = new EnvoyClient(assay.ports.grpc);
    const authorization = [basic(ordersApi.id, ordersApi.secret)];
    const [said, passed] = [
      await client.introspect(answer, { authorization }),
      await envoy.check({ token: answer, extensions: { caller: 'edge' } }),
    ];
    client.close();
    envoy.close();
    expect(said).toMatchObject({ status: 'OK', answer: { active: false } });
    expect(passed).toMatchObject({ http: 401 });
    const revoke = (token: string) =>
      fetch(`${assay.publicUrl}/revoke`, {
        method: 'POST',
        headers: { authorization: basic(ordersApi.id, ordersApi.secret) },
        body: new URLSearchParams({ token }),
      });
    const revoked = async () => {
      const scraped = new Scraped(await (await fetch(`${assay.managementUrl}/metrics`)).text());
      return scraped.names.filter((name) => name.startsWith('assay_revocations{') && name.includes('kind="token"'))
        .length;
    };
    expect([(await revoke(answer)).status, await revoked()]).toEqual([200, 0]);
    expect([(await revoke(await issuer.sign({ jti: 'ended-here' }))).status, await revoked()]).toEqual([200, 1]);
  });

  it('go on while keys are rotated by file, and are refused once their key is retired', async () => {
    const rewrite = async (uses: Uses, ...published: readonly TestKey[]) => {
      await writeFile(join(directory, 'assay.yaml'), JSON.stringify(configure(assay.ports, uses)));
      await eventually(async () => String(await publishedKids()) === String(kidsOf(...published)));
    };
    const ofA = await signedAnswer(await issuer.sign());
    expect(await publishedKids()).toEqual(kidsOf(keys.a, keys.b));

    await rewrite({ b: 'signing' }, keys.b);
    const ofB = await signedAnswer(await issuer.sign());
    expect(await read(ofB)).toMatchObject({ active: true });
    await expect(read(ofA)).rejects.toThrow('error when selecting a JWT verification key');
    const warnings = assay.log.filter(({ secondsLeft }) => secondsLeft !== undefined);
    expect(warnings.map(({ key, level }) => [key, level]).sort()).toEqual([
      ['a', 'warn'],
      ['b', 'warn'],
    ]);

    // Another key in the same file: Kubernetes changes Secrets so.
    const next = aKey('ES256');
    await writeKey('b', next);
    await eventually(async () => String(await publishedKids()) === String(kidsOf(next)));
    expect(await read(await signedAnswer(await issuer.sign()))).toMatchObject({ active: true });

    // What cannot be read changes nothing.
    await writeFile(join(directory, 'b.pem'), 'half of a');
    await assay.says('server.signing.keys[0].keyFile');
    expect(await publishedKids()).toEqual(kidsOf(next));
  });
});
