import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCertificate } from '../builders/a-certificate.js';
import { FakeIssuer, JWKS_PATH, makeKey, sendJson, type Behaviour } from '../fakes/fake-issuer.js';
import { ForwardedClock } from '../fakes/forwarded-clock.js';
import {
  dripBody,
  dripHeaders,
  endless,
  gzipBomb,
  hang,
  hangAfterHeaders,
  json,
  redirect,
  reset,
  respond,
} from '../fakes/misbehaviours.js';
import { OnlineWorld, registered } from './support/online-world.js';

describe('assay check --online', () => {
  let world: OnlineWorld;

  beforeEach(async () => {
    world = await OnlineWorld.create();
  });

  afterEach(async () => {
    await world.end();
  });

  it('says of good issuers what their keys are for, and that the clocks agree', async () => {
    const [corp, shop] = await Promise.all([world.issuer(), world.issuer({ alg: 'RS256' })]);
    await world.configure([registered('corp', corp), registered('shop', shop, { algorithms: ['RS256'] })]);
    const { code, stdout, progress } = await world.check();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}issuer corp {2}good {5}one key for ES256, in \d+ ms$/m);
    expect(stdout).toMatch(/^ {2}issuer shop {2}good {5}one key for RS256, in \d+ ms$/m);
    expect(stdout).toMatch(/^ {2}clock {8}good {5}agrees with those of 2 issuers$/m);
    expect(progress).toContain('2 of 2 asked');
  });

  const misbehaviours: readonly (readonly [name: string, behave: Behaviour, category: string])[] = [
    ['hangs', hang, 'timeout'],
    ['hangs after the headers', hangAfterHeaders, 'timeout'],
    ['drips headers', dripHeaders, 'timeout'],
    ['drips a body', dripBody, 'timeout'],
    ['sends without an end', endless, 'oversize'],
    ['sends a bomb', gzipBomb(50_000_000), 'oversize'],
    ['resets the connection', reset, 'connect'],
    ['redirects elsewhere', redirect(302, 'https://elsewhere.example/jwks'), 'redirect'],
    ['answers with a page', respond(200, '<html>sign in</html>', { 'content-type': 'text/html' }), 'html'],
    ['answers with something else', json('{"error":"planted-words-of-the-issuer"}'), 'key_set'],
  ];

  it('ends within 10 s for ten issuers, whatever they do, with a line and a remedy for each', async () => {
    const issuers = await Promise.all(misbehaviours.map(() => world.issuer()));
    issuers.forEach((issuer, i) => {
      issuer.behaveForKeys(misbehaviours[i]![1]);
    });
    await world.configure(issuers.map((issuer, i) => registered(`no-${i}`, issuer)));
    const beganMs = performance.now();
    const { code, stdout } = await world.check();
    expect(performance.now() - beganMs).toBeLessThan(10_000);
    expect(code).toBe(69);
    misbehaviours.forEach(([, , category], i) => {
      expect(stdout).toMatch(
        new RegExp(`^ {2}issuer no-${i} +FAILED +no keys: ${category} at 127.0.0.1:\\d+ \\(.*; to do: \\S+`, 'm'),
      );
    });
    expect(stdout).not.toContain('planted-words');
  }, 20_000);

  it('ends in time where not even the metadata comes, and asks a second well-known form', async () => {
    const issuer = await world.issuer();
    issuer.behave('/.well-known/oauth-authorization-server', hang);
    await world.configure([registered('corp', issuer, { keys: { discovery: 'auto' } })]);
    const [row] = await world.rows();
    expect(row).toMatchObject({ result: 'warning', remedy: expect.stringContaining('slow') });
    expect(row!.found).toContain('no answer to the first fetch');
  }, 15_000);

  it.each<readonly [string, (issuer: FakeIssuer) => void, RegExp, RegExp]>([
    [
      'metadata of another issuer',
      (issuer) => {
        const metadata = { ...issuer.metadata(), issuer: 'https://evil.example' };
        issuer.behave('/.well-known/openid-configuration', (_, response) => {
          sendJson(response, metadata);
        });
      },
      /metadata at .*differs from the registered one, which is https:\/\/evil\.example/,
      /mend issuer in the registration/,
    ],
    [
      'keys of a host that may not be named',
      (issuer) => {
        const metadata = { ...issuer.metadata(), jwks_uri: 'http://169.254.169.254/keys' };
        issuer.behave('/.well-known/openid-configuration', (_, response) => {
          sendJson(response, metadata);
        });
      },
      /metadata at .*jwks_uri: not an https URL/,
      /mend issuer/,
    ],
    [
      'a page that is not there',
      (issuer) => {
        issuer.behaveForKeys(respond(404));
      },
      /status_4xx.*status 404/,
      /check the URL/,
    ],
    [
      'an error',
      (issuer) => {
        issuer.behaveForKeys(respond(500, 'planted-words'));
      },
      /status_5xx/,
      /ask its operators/,
    ],
    [
      'limits',
      (issuer) => {
        issuer.behaveForKeys(respond(429));
      },
      /rate_limited/,
      /wait/,
    ],
    [
      'an empty set',
      (issuer) => {
        issuer.publishDocument({ keys: [] });
      },
      /no key that can be used/,
      /publish a key/,
    ],
  ])('a lying issuer: %s', async (_name, lie, found, remedy) => {
    const issuer = await world.issuer();
    lie(issuer);
    await world.configure([registered('corp', issuer)]);
    const [row] = await world.rows();
    expect(row).toMatchObject({ kind: 'issuer', id: 'corp', result: 'failed' });
    expect(row!.found).toMatch(found);
    expect(row!.found).not.toContain('planted-words');
    expect(row!.remedy).toMatch(remedy);
  });

  it('names the reason of a certificate that is not trusted, and the authority to configure', async () => {
    const { pem, keyPem } = await aCertificate({ dns: ['localhost'] });
    const issuer = await world.issuer({ tls: { cert: pem, key: keyPem }, host: 'localhost' });
    await world.configure([registered('corp', issuer)]);
    const [row] = await world.rows();
    expect(row!.found).toMatch(
      /^no keys: tls at localhost:\d+ \(tls\): no trusted TLS connection \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    );
    expect(row!.remedy).toContain('network.caFile');
  });

  it('warns of what is wrong with single keys, and of algorithms that nobody uses, and ends well', async () => {
    const issuer = await world.issuer();
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const weak = { ...publicKey.export({ format: 'jwk' }), kid: 'weak', use: 'sig' };
    const encryption = { ...(await makeKey('RS256', 'enc')).publicJwk, use: 'enc' };
    const published = { ...issuer.key.publicJwk, d: 'planted-private-part' };
    issuer.publishDocument({
      keys: [issuer.key.publicJwk, weak, { ...published, kid: 'leak' }, encryption],
    });
    await world.configure([registered('corp', issuer, { algorithms: ['ES256', 'RS256', 'PS256'] })]);
    const { code, stdout } = await world.check();
    expect(code).toBe(0);
    const line = stdout.split('\n').find((each) => each.includes('issuer corp'))!;
    expect(line).toMatch(/warning {2}one key for ES256, in \d+ ms; /);
    expect(line).toContain('1 × a PRIVATE key, published ("leak")');
    expect(line).toContain('an RSA key of less than 2048');
    expect(line).toContain('none for RS256, PS256');
    expect(line).toContain('replace it at once');
    expect(line).not.toContain('planted-private-part');
    expect(line).not.toContain('"enc"');
  });

  it('never lets an issuer write to the terminal', async () => {
    const issuer = await world.issuer();
    const odd = { ...issuer.key.publicJwk, kid: '\u001b[2J\u202eowned', d: 'x' };
    issuer.publishDocument({ keys: [issuer.key.publicJwk, odd] });
    await world.configure([registered('corp', issuer)]);
    const { stdout } = await world.check();
    expect(stdout).toContain('owned');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it('asks for the keys of callers as well, and for none that are in the file', async () => {
    const [corp, orders] = await Promise.all([world.issuer(), world.issuer()]);
    const jwks = { keys: [corp.key.publicJwk] };
    await world.configure([registered('corp', corp, { keys: { jwks } })], {
      server: { identifier: 'https://assay.example' },
      callers: [
        {
          id: 'orders-api',
          assertion: { jwksUri: orders.jwksUri, network: { allowPrivate: true }, algorithms: ['ES256'] },
          issuers: 'any',
          audiences: 'any',
          claims: 'any',
        },
      ],
    });
    expect(await world.rows()).toMatchObject([
      { kind: 'issuer', id: 'corp', result: 'good', found: 'one key in the configuration itself' },
      { kind: 'caller', id: 'orders-api', result: 'good' },
      { kind: 'clock', result: 'good' },
    ]);
    expect(corp.requests).toEqual([]);
    expect(orders.requests).toEqual([`GET ${JWKS_PATH}`]);
  });

  it('says that the clock of this machine is wrong where all issuers say so, and which issuer is where one does', async () => {
    const issuers = await Promise.all([world.issuer(), world.issuer(), world.issuer()]);
    await world.configure(issuers.map((issuer, i) => registered(`no-${i}`, issuer)));
    const clock = new ForwardedClock();
    clock.forward(95_000);
    expect((await world.rows({ clock })).at(-1)).toMatchObject({
      kind: 'clock',
      result: 'failed',
      found: expect.stringMatching(/^this machine is 9[4-6] s ahead of those of 3 issuers$/),
      remedy: expect.stringContaining('NTP'),
    });
    issuers[1].behaveForKeys((_request, response) => {
      sendJson(response, issuers[1].keySet(), { date: new Date(Date.now() - 60_000).toUTCString() });
    });
    expect((await world.rows()).at(-1)).toMatchObject({
      kind: 'clock',
      result: 'warning',
      found: expect.stringMatching(/^that of no-1 is (59|60|61) s behind ours$/),
    });
  });
});
