import { writeFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKey, sendJson } from '../fakes/fake-issuer.js';
import { hang, respond } from '../fakes/misbehaviours.js';
import { environment, OnlineWorld } from './support/online-world.js';
import { runAssay } from './support/run-assay.js';

describe('the commands that ask an issuer which is in no configuration yet', () => {
  let world: OnlineWorld;

  beforeEach(async () => {
    world = await OnlineWorld.create();
  });

  afterEach(async () => {
    await world.end();
  });

  describe('assay keys', () => {
    it.each([
      ['the issuer', ''],
      ['its metadata', '/.well-known/openid-configuration'],
      ['its key set', '/jwks'],
    ])('by the URL of %s: a line for each key, with its size and its verdict', async (_name, path) => {
      const issuer = await world.issuer();
      const rsa = await issuer.addKey('RS256', 'rsa');
      const encryption = { ...(await makeKey('ES256', 'enc')).publicJwk, use: 'enc' };
      issuer.publishDocument({
        keys: [rsa.publicJwk, encryption, { ...issuer.keys[0]!.publicJwk, d: 'planted-private-part', kid: 'leak' }],
      });
      const { code, stdout } = await runAssay(['keys', issuer.issuer + path, '--allow-private']);
      expect(code).toBe(0);
      expect(stdout).toContain(`${issuer.jwksUri}: 1 of 3 keys can be used`);
      expect(stdout).toMatch(/^ {2}rsa +RSA 2048 +RS256 +[\w-]{43} +good$/m);
      expect(stdout).toMatch(/^ {2}enc +EC P-256 +- +- +not used: a key that is not for signatures \(use\)$/m);
      expect(stdout).toMatch(/^ {2}leak .*not used: a PRIVATE key, published; to do: deny it/m);
      expect(stdout).not.toContain('planted-private-part');
    });

    it('ends with 1 where no key can be used, and shows no control characters', async () => {
      const issuer = await world.issuer();
      issuer.publishDocument({ keys: [{ kty: 'oct', k: 'AAAA', kid: '\u001b[2Jred\u202e' }, 'no key'] });
      const { code, stdout } = await runAssay(['keys', issuer.jwksUri, '--allow-private', '--json']);
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({
        usable: 0,
        keys: [{ kid: '?[2Jred?', isUsable: false, remedy: expect.any(String) }, { kind: 'no key' }],
      });
    });

    it.each([
      ['is slow', hang, /timeout at /],
      ['has nothing there', respond(404), /status_4xx at .*to do: check the URL/],
      ['sends a page', respond(200, '<html>planted-words</html>', { 'content-type': 'text/html' }), /html at /],
    ])('an issuer that %s: why on standard error, and 69', async (_name, behave, sentence) => {
      const issuer = await world.issuer();
      issuer.behaveForKeys(behave);
      const { code, stdout, stderr } = await runAssay(['keys', issuer.jwksUri, '--allow-private']);
      expect([code, stdout]).toEqual([69, '']);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toContain('planted-words');
    });

    it('asks no address that a service would not ask', async () => {
      const { code, stderr } = await runAssay(['keys', 'http://127.0.0.1:1/jwks']);
      expect(code).toBe(64);
      expect(stderr).toContain('not an https URL');
    });
  });

  describe('assay issuer add', () => {
    const add = (...args: readonly string[]) => runAssay(['issuer', 'add', ...args, '--allow-private']);

    /** Says what `assay check` says of a configuration with these registrations. */
    async function check(registrations: string) {
      const callers = [{ id: 'orders', secrets: ['${env:SECRET}'], issuers: 'any', audiences: 'any', claims: 'any' }];
      await writeFile(world.directory.file, stringify({ issuers: parse(registrations), callers }));
      return runAssay(['check', world.directory.file, '--online'], { environment });
    }

    it('prints what the issuer says of itself; with its audience it is good, online as well', async () => {
      const issuer = await world.issuer({ path: '/realms/corp' });
      const { code, stdout } = await add(issuer.issuer, '--audience', 'https://api.example', '--id', 'corp');
      expect(code).toBe(0);
      expect(parse(stdout)).toEqual([
        {
          id: 'corp',
          issuer: issuer.issuer,
          keys: { discovery: 'oidc' },
          algorithms: ['ES256'],
          audiences: ['https://api.example'],
          network: { allowPrivate: true },
        },
      ]);
      expect(await check(stdout)).toMatchObject({ code: 0 });
    });

    it('leaves open what only its reader can know: the check names it, and nothing starts with it', async () => {
      const issuer = await world.issuer();
      const { stdout } = await add(issuer.issuer);
      expect(stdout).toMatch(/# to be filled in: what aud .*\n {2}audiences: \[\]/);
      const { code, stderr } = await check(stdout);
      expect(code).toBe(78);
      expect(stderr).toContain('issuers[0].audiences:');
    });

    it('of a bare key set: the issuer is left open as well', async () => {
      const issuer = await world.issuer();
      const { stdout } = await add(issuer.jwksUri, '--audience', 'a');
      expect(parse(stdout)).toMatchObject([{ issuer: '', keys: { jwksUri: issuer.jwksUri } }]);
      expect((await check(stdout)).code).toBe(78);
    });

    it('names the preset that knows more, takes it, and says when there can be no registration', async () => {
      const issuer = await world.issuer();
      const { stdout } = await add(issuer.issuer, '--preset', 'keycloak', '--audience', 'a');
      const [registration] = parse(stdout) as Record<string, unknown>[];
      expect(registration).toMatchObject({ preset: 'keycloak', issuer: issuer.issuer });
      const opaque = await add('https://corp.okta.com', '--preset', 'okta-org');
      expect(opaque).toMatchObject({ code: 1, stdout: '' });
      expect(opaque.stderr).toContain('okta-custom');
      expect((await add(issuer.issuer, '--preset', 'keyclock')).stderr).toContain('did you mean keycloak?');
    });

    it('does not take metadata of somebody else', async () => {
      const issuer = await world.issuer();
      for (const form of ['openid-configuration', 'oauth-authorization-server']) {
        issuer.behave(`/.well-known/${form}`, (_request, response) => {
          sendJson(response, { ...issuer.metadata(), issuer: 'https://evil.example' });
        });
      }
      const { code, stdout, stderr } = await add(issuer.issuer);
      expect([code, stdout]).toEqual([69, '']);
      expect(stderr).toContain('which is https://evil.example');
    });
  });
});
