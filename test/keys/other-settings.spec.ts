import { describe, expect, it } from 'vitest';
import { namedClaim } from '../../src/claims/claim-names.js';
import type { Issuer } from '../../src/issuers/issuer.js';
import { parseKeySet } from '../../src/keys/source/parse-key-set.js';
import { noPause } from '../../src/shared/pause.js';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import { makeKey } from '../fakes/fake-issuer.js';
import { TimedWorld, timedIssuer } from './support/timed-world.js';

/** The issuer as the next configuration has it. */
function reconfigured(t: TimedWorld, differences: Partial<Issuer>): void {
  t.world.issuers.replace([timedIssuer('h', {}, differences), timedIssuer('g')]);
}

describe('other settings for the same keys', () => {
  it.each<[string, Partial<Issuer>]>([
    ['other authorities, as when Kubernetes writes ca.crt anew', { network: { allowPrivate: false, ca: 'another' } }],
    ['private addresses allowed', { network: { allowPrivate: true } }],
    ['another algorithm beside the one in use', { algorithms: new Set<Algorithm>(['ES256', 'RS256']) }],
  ])('%s: the keys stay although the issuer is away, and are fetched at once', async (_, differences) => {
    const t = new TimedWorld();
    const { first } = await t.warm();
    await t.pass(20);
    t.h.fail('connect');
    const fetches = t.h.fetches.length;
    reconfigured(t, differences);
    expect(t.accepts(first)).toBe(true);
    await t.pass(1);
    expect(t.h.fetches).toHaveLength(fetches + 1);
    expect(t.accepts(first)).toBe(true);
  });

  it('fetches nothing where neither the way nor the use has changed', async () => {
    const t = new TimedWorld();
    await t.warm();
    await t.pass(20);
    const fetches = t.h.fetches.length;
    reconfigured(t, { username: namedClaim('email') });
    await t.pass(1);
    expect(t.h.fetches).toHaveLength(fetches);
  });

  it('uses at once what the record has for an algorithm that is allowed now, and no more what is not', async () => {
    const only = (algorithm: Algorithm) => ({ algorithms: new Set([algorithm]) });
    const t = new TimedWorld({}, [timedIssuer('h', {}, only('ES256')), timedIssuer('g')]);
    const rsa = await t.h.publish('rsa', 'RS256');
    const { first } = await t.warm();
    expect([t.accepts(first), t.accepts(rsa)]).toEqual([true, false]);
    t.h.fail('connect');
    reconfigured(t, only('RS256'));
    expect([t.accepts(first), t.accepts(rsa)]).toEqual([false, true]);
  });
});

describe('a key set that is read for a record', () => {
  const read = async (...keys: readonly { publicJwk: object }[]) => {
    const body = Buffer.from(JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }));
    return parseKeySet(body, new Set<Algorithm>(['ES256']), noPause);
  };

  it('keeps every sound key, and says which the issuer may not use today', async () => {
    const { keys, dropped } = await read(await makeKey('ES256', 'a'), await makeKey('RS256', 'b'));
    expect(keys.map(({ jwk }) => jwk['kid'])).toEqual(['a', 'b']);
    expect([...dropped]).toEqual([['algorithm_not_allowed', 1]]);
  });

  it('is empty where it has no key at all that the issuer may use', async () => {
    const { keys, dropped } = await read(await makeKey('RS256', 'b'));
    expect(keys).toEqual([]);
    expect([...dropped]).toEqual([['algorithm_not_allowed', 1]]);
  });
});
