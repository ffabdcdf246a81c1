import { describe, expect, it } from 'vitest';
import type { IntrospectionStep } from '../../src/introspection/introspector.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { aKey, thumbprintOf, type TestKey } from '../builders/a-key.js';
import { eventually } from '../fakes/eventually.js';
import { FakeIssuer } from '../fakes/fake-issuer.js';
import { respond } from '../fakes/misbehaviours.js';
import { issuerAt } from '../keys/support/key-world.js';
import { NameWorld, reader } from './support/name-world.js';
import { issuerOf } from './support/remembering.js';

const iss = 'https://kubernetes.default.svc.cluster.local';
const both = reader('blue', 'green');

function cluster(id: string, keys: readonly TestKey[], differences: Partial<Issuer> = {}): Issuer {
  return issuerOf(keys, { id, issuer: iss, keySourceFingerprint: id, ...differences });
}

/** A name that two clusters have, and a key of each. */
function twoClusters() {
  const [blueKey, greenKey] = [aKey(), aKey()];
  const world = new NameWorld(cluster('blue', [blueKey]), cluster('green', [greenKey]));
  const dispose = (): void => {
    world[Symbol.dispose]();
  };
  return { blueKey, greenKey, world, [Symbol.dispose]: dispose };
}

describe('two registrations of one iss', () => {
  it('are told apart by the key that signed, and so is what is remembered', async () => {
    using t = twoClusters();
    const { blueKey, greenKey, world } = t;
    for (let i = 0; i < 2; i++) {
      expect(await world.ask(world.token(blueKey, { iss, jti: '1' }), both)).toBe('blue');
      expect(await world.ask(world.token(greenKey, { iss, jti: '1' }), both)).toBe('green');
    }
    const token = world.token(greenKey, { iss });
    expect([await world.ask(token, both), await world.ask(token, both)]).toEqual(['green', 'green']);
    expect(world.memory.usage().hits).toBe(1);
  });

  it('never speak for each other to a caller that may see one of them', async () => {
    using t = twoClusters();
    const { blueKey, greenKey, world } = t;
    expect(await world.ask(world.token(greenKey, { iss }), both)).toBe('green');
    expect(await world.ask(world.token(greenKey, { iss }), reader('blue'))).toBe('caller_issuer_not_granted of green');
    expect(await world.ask(world.token(blueKey, { iss }), reader('blue'))).toBe('blue');
    const forged = world.token({ ...greenKey, kid: blueKey.kid }, { iss });
    expect(await world.ask(forged, both)).toBe('signature_invalid');
  });

  it('are each judged by their own algorithms, types and rules', async () => {
    const [blueKey, greenKey] = [aKey('ES256', { kid: 'k' }), aKey('ES384', { kid: 'k' })];
    const blue = cluster('blue', [blueKey], { algorithms: new Set(['ES256']) });
    const green = cluster('green', [greenKey], { algorithms: new Set(['ES384']), tokenTypes: new Set(['jwt']) });
    using world = new NameWorld(blue, green);
    expect(await world.ask(world.token(blueKey, { iss }, { typ: 'at+jwt' }), both)).toBe('blue');
    expect(await world.ask(world.token(greenKey, { iss }, { typ: 'JWT' }), both)).toBe('green');
    expect(await world.ask(world.token(greenKey, { iss }, { typ: 'at+jwt' }), both)).toBe('algorithm_not_allowed');
  });

  it('have four candidates each: a crowd under one kid leaves the neighbour its own', async () => {
    const kid = 'SIGNING_KEY';
    const crowd = Array.from({ length: 4 }, () => aKey('ES256', { kid }));
    const greenKey = aKey('ES256', { kid });
    using world = new NameWorld(cluster('blue', crowd), cluster('green', [greenKey]));
    expect(await world.ask(world.token(greenKey, { iss }), both)).toBe('green');
    expect(await world.ask(world.token(crowd[3]!, { iss }), both)).toBe('blue');
    expect(await world.ask(world.token(aKey('ES256', { kid }), { iss }), both)).toBe('signature_invalid');
  });

  it('name the registration in answers to whoever reads it, and to nobody else, whatever the token says', async () => {
    using t = twoClusters();
    const { greenKey, world } = t;
    const token = world.token(greenKey, { iss, assay_issuer: 'blue' });
    expect(await world.answer(token, { ...both, readsIssuerId: true })).toMatchObject({ iss, assay_issuer: 'green' });
    expect(await world.answer(token, reader('green'))).not.toHaveProperty('assay_issuer');
  });

  it('are shown to operators in each step, and in the end the one whose key signed', async () => {
    using t = twoClusters();
    const { greenKey, world } = t;
    await world.ask(world.token(greenKey, { iss }), both);
    const steps: IntrospectionStep[] = [];
    await world.introspect(world.token(greenKey, { iss }), both, { saw: (step) => steps.push(step) });
    expect(steps).toMatchObject([
      { step: 'header' },
      { step: 'issuer', namesakes: [{ id: 'blue' }, { id: 'green' }] },
      { step: 'suitability', issuer: { id: 'blue' } },
      { step: 'suitability', issuer: { id: 'green' } },
      { step: 'keys_known', issuer: { id: 'blue' }, keys: [] },
      { step: 'keys_known', issuer: { id: 'green' }, keys: [{ kid: greenKey.kid }] },
      { step: 'signature' },
      { step: 'key_tried', isSigner: true },
      { step: 'signer', issuer: { id: 'green' } },
      { step: 'denial', issuer: { id: 'green' } },
      { step: 'revocation', found: undefined },
      { step: 'claims' },
      ...steps.filter(({ step }) => step === 'rule').map(() => ({ step: 'rule', refusal: undefined })),
      { step: 'rights', issuer: { id: 'green' } },
    ]);
  });

  it('have denials of their own', async () => {
    using t = twoClusters();
    const { blueKey, greenKey, world } = t;
    const thumbprint = thumbprintOf(greenKey.jwk);
    const denial = { thumbprint, reason: 'leaked', by: 'ops' };
    await world.denials.deny({ ...denial, issuerId: 'blue' });
    expect(await world.ask(world.token(greenKey, { iss }), both)).toBe('green');
    await world.denials.deny({ ...denial, issuerId: 'green' });
    expect(await world.ask(world.token(greenKey, { iss }), both)).toBe('key_denied of green');
    expect(await world.ask(world.token(blueKey, { iss }), both)).toBe('blue');
  });
});

describe('a key that two registrations of one iss publish', () => {
  it.each([
    ['blue', ['blue', 'green']],
    ['green', ['green', 'blue']],
  ])('is one of %s, the first in the file, and is an alarm', async (owner, [first, second]) => {
    const key = aKey();
    // Under another name: it is the key that counts.
    const copy = { ...key, kid: 'copy', jwk: { ...key.jwk, kid: 'copy' } };
    using world = new NameWorld(cluster(first!, [key]), cluster(second!, [copy, aKey()]));
    await eventually(() => world.keys.events.all.some(({ event }) => event === 'key_contested'));

    expect(await world.ask(world.token(key, { iss }), both)).toBe(owner);
    expect(await world.ask(world.token(copy, { iss }), both)).toBe('key_unknown');
    expect(world.keys.events.all.filter(({ event }) => event === 'key_contested')).toEqual([
      { event: 'key_contested', issuerId: second, ownerId: first, thumbprint: thumbprintOf(key.jwk) },
    ]);
  });

  it('is denied where its owner is', async () => {
    const key = aKey();
    using world = new NameWorld(cluster('blue', [key]), cluster('green', [key]));
    await world.denials.deny({ issuerId: 'blue', thumbprint: thumbprintOf(key.jwk), reason: 'leaked', by: 'ops' });
    expect(await world.ask(world.token(key, { iss }), both)).toBe('key_denied of blue');
  });

  it('belongs to another when the configuration says so, also for tokens that are remembered', async () => {
    const key = aKey();
    const [blue, green] = [cluster('blue', [key]), cluster('green', [key])];
    using world = new NameWorld(blue, green);
    const token = world.token(key, { iss });
    expect(await world.ask(token, both)).toBe('blue');
    world.keys.issuers.replace([green]);
    expect(await world.ask(token, both)).toBe('green');
  });

  it('is not guessed to be the second one’s while the keys of the first are not known', async () => {
    await using down = await FakeIssuer.start();
    down.behaveForKeys(respond(500));
    const key = aKey();
    using world = new NameWorld(issuerAt(down, { id: 'blue', issuer: iss }), cluster('green', [key]));
    const token = world.token(key, { iss });
    expect(await world.ask(token, reader('green'))).toBe('green');
    expect(await world.ask(token, reader('blue'))).toBe('unavailable');
  });
});

describe('registrations of one iss that publish their keys', () => {
  it('have a budget and an outage each: a key that one knows needs nobody else', async () => {
    await using blueSource = await FakeIssuer.start();
    await using greenSource = await FakeIssuer.start();
    const blue = issuerAt(blueSource, { id: 'blue', issuer: iss });
    using world = new NameWorld(blue, issuerAt(greenSource, { id: 'green', issuer: iss }));
    const { key: first } = greenSource;
    expect(await world.ask(world.token(first, { iss }), reader('green'))).toBe('green');
    // Its tokens are none of the other's business, and are fetched for whom they are for.
    expect([blueSource.keySetRequests, greenSource.keySetRequests]).toEqual([0, 1]);

    blueSource.behaveForKeys(respond(500));
    expect(await world.ask(world.token(blueSource.key, { iss }), both)).toBe('unavailable');
    expect(await world.ask(world.token(first, { iss }), both)).toBe('green');
    expect(await world.ask(world.token(aKey(), { iss }), reader('green'))).toBe('key_unknown');
  });

  it('find a new key of the second although the first has one of that name', async () => {
    await using source = await FakeIssuer.start();
    const blueKey = aKey('ES256', { kid: 'k' });
    using world = new NameWorld(cluster('blue', [blueKey]), issuerAt(source, { id: 'green', issuer: iss }));
    const next = await source.rotate('ES256', 'k');
    expect(await world.ask(world.token(next, { iss }), both)).toBe('green');
    expect(await world.ask(world.token(blueKey, { iss }), both)).toBe('blue');
  });
});
