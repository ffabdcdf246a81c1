import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeIssuer } from '../fakes/fake-issuer.js';
import { hang } from '../fakes/misbehaviours.js';
import { environment, OnlineWorld, registered } from './support/online-world.js';
import { runAssay } from './support/run-assay.js';

describe('assay explain, without a running service', () => {
  let world: OnlineWorld;
  let issuer: FakeIssuer;

  beforeEach(async () => {
    world = await OnlineWorld.create();
    issuer = await world.issuer();
    await world.configure([registered('corp', issuer)]);
  });

  afterEach(async () => {
    await world.end();
  });

  const explain = (input: string, ...args: readonly string[]) =>
    runAssay(['explain', world.directory.file, ...args], { environment, input });

  it('says of a good token that it is active, with the keys of its issuer, and repeats nothing of it', async () => {
    const token = await issuer.sign();
    const { code, stdout, stderr } = await explain(`${token}\n`);
    expect(code).toBe(0);
    expect(stderr).toContain('denied or revoked at running services is not known here');
    expect(stdout).toMatch(/^verdict: active$/m);
    const [header = '', claims = '', signature = ''] = token.split('.');
    for (const part of [header, claims, signature]) expect(stdout).not.toContain(part);
    expect(issuer.keySetRequests).toBe(1);
  });

  it('says of a bad one why, with every rule, and ends with 1; a hopeless one costs its issuer nothing', async () => {
    const expired = await issuer.sign({ exp: 1_700_000_000, aud: 'https://elsewhere.example' });
    const { code, stdout } = await explain(expired, '--json');
    expect(code).toBe(1);
    const { verdict, rejection, steps } = JSON.parse(stdout) as Record<string, object>;
    expect([verdict, rejection]).toMatchObject(['inactive', { code: 'expired' }]);
    expect(JSON.stringify(steps)).toContain('"rule":"audience"');
    expect(issuer.requests).toEqual([]);
    expect((await explain('no token at all')).code).toBe(1);
  });

  it('names registered issuers that may have been meant', async () => {
    const { code, stdout } = await explain(await issuer.sign({ iss: `${issuer.issuer}/` }));
    expect(code).toBe(1);
    expect(stdout).toContain(`near:\n      - ${issuer.issuer}\n`);
  });

  it('ends with 69 where the keys cannot be known', async () => {
    issuer.behaveForKeys(hang);
    const { code, stdout } = await explain(await issuer.sign());
    expect(code).toBe(69);
    expect(stdout).toMatch(/^verdict: unknown$/m);
  }, 15_000);

  it.each([
    ['', [], 'standard input has no token'],
    ['x'.repeat(1_100_000), [], 'standard input is longer than any token'],
    ['x', ['--caller', 'order'], 'did you mean orders?'],
    ['x', ['--running'], '--caller is needed with --running'],
    ['x', ['--running', '--caller', 'orders', '--service', 'http://assay.example:8081'], 'http of this machine'],
  ])('a wrong call is a sentence, and 64', async (input, args, sentence) => {
    const { code, stdout, stderr } = await explain(input, ...args);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain(sentence);
  });

  it('a token that was given as an argument is refused, and not repeated', async () => {
    const token = await issuer.sign();
    const { code, stderr } = await explain('', token);
    expect(code).toBe(64);
    for (const part of token.split('.')) expect(stderr).not.toContain(part);
  });

  it('says what is wrong with the configuration, with 78', async () => {
    await world.configure([{ ...registered('corp', issuer), algorithms: ['HS256'] }]);
    const { code, stderr } = await explain(await issuer.sign());
    expect(code).toBe(78);
    expect(stderr).toContain('issuers[0].algorithms[0]:');
  });
});
