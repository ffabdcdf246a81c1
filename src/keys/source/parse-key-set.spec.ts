import { describe, expect, it } from 'vitest';
import { aKey } from '../../../test/builders/a-key.js';
import { selfSigned } from '../../../test/vectors/world-keys.js';
import type { JsonObject, JsonValue } from '../../shared/json-value.js';
import { noPause } from '../../shared/pause.js';
import { algorithmNames } from '../../tokens/algorithms.js';
import { reportsOf } from './key-set-account.js';
import { filterKeys, parseKeySet, type ParsedKeySet } from './parse-key-set.js';

const all = new Set(algorithmNames);
const rsa = aKey('RS256', { kid: 'rsa' });
const ec = aKey('ES256', { kid: 'ec' });

/** Looks sound by its members, and is found not to be when a key is made of it. */
const offCurve = (kid: string): JsonObject => ({ ...ec.jwk, kid, y: ec.jwk['x'] });

const filter = (entries: readonly JsonValue[]): Promise<ParsedKeySet> => filterKeys(entries, all, noPause);
const kidsOf = ({ keys }: ParsedKeySet): readonly unknown[] => keys.map(({ key }) => key.kid);

describe('a hostile key set', () => {
  it('F-03 has keys made of a hundred entries, also where none comes of it', async () => {
    const parsed = await filter([...Array.from({ length: 640 }, (_, i) => offCurve(`k${i}`)), ec.jwk]);

    expect(Object.fromEntries(parsed.dropped)).toEqual({ point_invalid: 100, too_many: 541 });
    expect(parsed.keys).toEqual([]);
  });

  it('F-03 is read up to five hundred entries', async () => {
    const others = Array.from({ length: 499 }, (_, i): JsonValue => ({ ...rsa.jwk, kid: `k${i}`, use: 'enc' }));

    const within = await filter([...others, ec.jwk]);
    expect(kidsOf(within)).toEqual(['ec']);
    expect(Object.fromEntries(within.dropped)).toEqual({ use_not_sig: 499 });

    const beyond = await filter([...others, rsa.jwk, ec.jwk]);
    expect(kidsOf(beyond)).toEqual(['rsa']);
    expect(Object.fromEntries(beyond.dropped)).toEqual({ use_not_sig: 499, too_many: 1 });
  });

  it('F-03 gives others a turn before each of its entries', async () => {
    const steps: string[] = [];
    const entry = (name: string): JsonObject =>
      new Proxy(
        { ...ec.jwk, kid: name },
        {
          get: (target, member) => {
            if (steps.at(-1) !== name) steps.push(name);
            return Reflect.get(target, member) as JsonValue;
          },
        },
      );
    const pause = (): Promise<void> => {
      steps.push('pause');
      return Promise.resolve();
    };

    await filterKeys([entry('a'), entry('b'), entry('c')], all, pause);

    expect(steps).toEqual(['pause', 'a', 'pause', 'b', 'pause', 'c']);
  });

  it('F-03 makes one key of an entry, however many algorithms it is for', async () => {
    const { n, e } = rsa.jwk;
    const { keys } = await filter([{ kty: 'RSA', n: n as string, e: e as string }]);

    expect([...keys[0]!.key.verifiers.keys()]).toEqual(algorithmNames.filter((name) => /^[RP]S/.test(name)));
  });
});

describe('the account of a key set', () => {
  it('says why entries are not used, and some of their names', async () => {
    const others = Array.from({ length: 7 }, (_, i): JsonValue => ({ ...rsa.jwk, kid: `enc-${i}`, use: 'enc' }));
    const parsed = await filter([...others, null, { ...ec.jwk, kid: 7 }, ec.jwk]);

    expect(reportsOf(parsed)).toEqual({
      dropped: [
        { reason: 'use_not_sig', count: 7, kids: ['enc-0', 'enc-1', 'enc-2', 'enc-3', 'enc-4'] },
        { reason: 'not_an_object', count: 1, kids: [] },
        { reason: 'kid_invalid', count: 1, kids: [] },
      ],
      doubted: [],
    });
  });

  it('R7517-10 uses a key in spite of its certificate, and says what is odd about it', async () => {
    const own = (await selfSigned(rsa)).toString('base64');
    const foreign = (await selfSigned(aKey('RS256'))).toString('base64');
    const entries = { own: [own], foreign: [foreign, own], junk: ['garbage'], none: [] };
    const jwks = Object.entries(entries).map(([kid, x5c]): JsonObject => ({ ...rsa.jwk, kid, x5c }));

    const parsed = await parseKeySet(Buffer.from(JSON.stringify({ keys: jwks })), all, noPause);

    expect(kidsOf(parsed)).toEqual(['own', 'foreign', 'junk', 'none']);
    expect(reportsOf(parsed)).toEqual({
      dropped: [],
      doubted: [
        { reason: 'certificate_mismatch', count: 1, kids: ['foreign'] },
        { reason: 'certificate_unreadable', count: 2, kids: ['junk', 'none'] },
      ],
    });
    expect(parsed.keys.some(({ jwk }) => 'x5c' in jwk)).toBe(false);
  });
});
