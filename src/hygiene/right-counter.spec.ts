import { describe, expect, it } from 'vitest';
import { anIssuer } from '../../test/builders/an-issuer.js';
import type { Caller } from '../callers/caller.js';
import type { JsonObject } from '../shared/json-value.js';
import { RightCounter } from './right-counter.js';

const corp = anIssuer();
const orders: Caller = {
  id: 'orders',
  issuers: 'any',
  audiences: new Set(['https://a', 'https://b', 'https://c']),
  claims: new Set(['sub', 'scope', 'email', 'constructor', 'aud']),
  members: new Map([['realm_access', new Map([['roles', 'whole' as const]])]]),
};

function seen(caller: Caller, ...tokens: readonly JsonObject[]): readonly string[] {
  const counter = new RightCounter();
  for (const claims of tokens) counter.shown(caller, corp, claims);
  return [...(counter.take().get(caller.id) ?? [])].sort();
}

describe('RightCounter', () => {
  it('notes the granted audiences and claims that tokens had, whatever their form, and no name that only a token has', () => {
    expect(seen(orders, { aud: 'https://a', sub: 'x' }, { aud: ['https://b', 'mine', 1], scp: ['read'] })).toEqual([
      'audience https://a',
      'audience https://b',
      'claim scope',
      'claim sub',
    ]);
    expect(seen(orders, { aud: 'https://other', given_name: 'x' })).toEqual([]);
  });

  it('notes a granted member where the token has it, and not where it only has what is around it', () => {
    expect(seen(orders, { realm_access: { groups: [] } })).toEqual([]);
    expect(seen(orders, { realm_access: { roles: [] } })).toEqual(['claim /realm_access/roles']);
  });

  it('notes nothing of a caller that was granted any, and no claim where its answers show none', () => {
    const any: Caller = { id: 'any', issuers: 'any', audiences: 'any', claims: 'any' };
    expect(seen(any, { aud: 'https://a', sub: 'x' })).toEqual([]);
    expect(seen({ ...orders, answer: 'minimal' }, { aud: 'https://a', sub: 'x' })).toEqual(['audience https://a']);
  });

  it('asks for a claim no more that was seen, until what was seen is taken', () => {
    const counter = new RightCounter();
    let reads = 0;
    const token = {
      get realm_access() {
        reads++;
        return { roles: [] };
      },
    };
    for (let i = 0; i < 100; i++) counter.shown(orders, corp, token);
    expect(reads).toBeLessThanOrEqual(3);
    expect(counter.take().get('orders')).toEqual(['claim /realm_access/roles']);
    expect(counter.take().size).toBe(0);
  });

  it('notes that a caller asked about tokens for others, and gives a long name a digest', () => {
    const counter = new RightCounter();
    counter.foreign(orders);
    expect(counter.take().get('orders')).toEqual(['foreign audience']);
    const long = `https://${'a'.repeat(2_000)}`;
    const [name = ''] = seen({ ...orders, audiences: new Set([long]) }, { aud: long });
    expect(name).toMatch(/^audience [A-Za-z0-9_-]{43}$/);
  });
});
