import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { claimText } from './claim-name.js';
import { compileClaimNames, standardNames, usualNames, type ClaimNames } from './claim-names.js';
import { requireRules, type ClaimRule } from './claim-rule.js';

/** A rule whose claim is written as a plain name. */
type NamedRule = ClaimRule & { readonly claim: string };

function holds(rule: ClaimRule, claims: JsonObject, names: ClaimNames = standardNames): boolean {
  const jwt = { header: { alg: 'ES256' }, claims, keyThumbprint: '' } as unknown as VerifiedJwt;
  const [compiled] = requireRules({ rules: [rule], names });
  const refusal = compiled!.check(jwt);
  if (refusal) expect(refusal).toEqual(new Rejection('rule_failed', claimText(rule.claim)));
  return refusal === undefined;
}

const cases: readonly (readonly [NamedRule, satisfying: readonly unknown[], others: readonly unknown[]])[] = [
  [{ claim: 'c', equals: true }, [true], ['true', 1, [true], false, null]],
  [{ claim: 'c', equals: '10' }, ['10'], [10, 10n, '10 ', ['10']]],
  [{ claim: 'c', equals: 10 }, [10], ['10', 10n, 10.5, [10]]],
  [{ claim: 'c', equals: '' }, [''], [null, 0, false, []]],
  [{ claim: 'c', oneOf: ['acme', 'globex'] }, ['acme', 'globex'], ['acm', 'acme ', ['acme'], 'ACME', null]],
  [{ claim: 'c', oneOf: [] }, [], ['', null, [], 'x']],
  [
    { claim: 'c', contains: 'admin' },
    ['admin', ['admin'], ['x', 'admin']],
    ['administrator', 'x admin', [], [['admin']], { admin: 1 }],
  ],
  [{ claim: 'c', containsAny: ['a', 7] }, ['a', 7, ['x', 7]], ['7', ['7'], [], 'x']],
  [
    { claim: 'c', containsKey: 'admin' },
    [{ admin: { '1': 'org.example' } }, { admin: {} }, { admin: '' }, { admin: 0 }],
    ['admin', ['admin'], { user: {} }, {}, { admin: null }, { admin: false }, { roles: { admin: {} } }, null],
  ],
  [{ claim: 'c', containsKey: 'constructor' }, [{ constructor: {} }], [{}, [], '', 'constructor']],
  [{ claim: 'c', containsKey: 'length' }, [{ length: 1 }], [[1], 'text']],
  [{ claim: 'c', startsWith: 'svc-' }, ['svc-', 'svc-a'], ['SVC-a', ' svc-a', ['svc-a'], 'sv', null, 7]],
  [
    { claim: 'scope', contains: 'orders:read' },
    ['orders:read', 'a orders:read b', ['orders:read']],
    ['orders:read:all', 'xorders:read', ''],
  ],
  [{ claim: 'scope', equals: 'a b' }, ['a b'], ['b a', 'a', ['a b']]],
  [{ claim: 'scp', contains: 'a' }, ['a', 'b a', ['a']], ['ab', []]],
];

describe('a rule', () => {
  it.each(cases)('%j takes what it names and nothing near it', (rule, satisfying, others) => {
    for (const value of satisfying)
      expect(holds(rule, { [rule.claim]: value } as JsonObject), `takes ${String(value)}`).toBe(true);
    for (const value of others)
      expect(holds(rule, { [rule.claim]: value } as JsonObject), `refuses ${String(value)}`).toBe(false);
  });

  it.each(cases)('%j is not satisfied by an absent claim', (rule) => {
    expect(holds(rule, {})).toBe(false);
    expect(holds(rule, Object.create(null) as JsonObject)).toBe(false);
  });

  it.each(cases)('%j is the same when its other comparisons are there and undefined', (rule, [satisfying]) => {
    const declared = {
      equals: undefined,
      oneOf: undefined,
      contains: undefined,
      containsAny: undefined,
      containsKey: undefined,
      startsWith: undefined,
      optional: undefined,
    };
    expect(holds({ ...declared, ...rule }, {})).toBe(false);
    if (satisfying !== undefined)
      expect(holds({ ...declared, ...rule }, { [rule.claim]: satisfying } as JsonObject)).toBe(true);
  });

  it('takes the name of a claim literally, with dots and slashes', () => {
    const nested = { 'kubernetes.io': { namespace: 'shop' }, 'https://example.com/tenant': 'acme', a: { b: 'x' } };
    expect(holds({ claim: 'https://example.com/tenant', equals: 'acme' }, nested)).toBe(true);
    expect(holds({ claim: 'a.b', equals: 'x' }, nested)).toBe(false);
    expect(holds({ claim: 'a.b', equals: 'x' }, { 'a.b': 'x' })).toBe(true);
  });

  it('finds nothing on a prototype', () => {
    for (const claims of [Object.create(null) as JsonObject, {}]) {
      expect(holds({ claim: 'toString', contains: 'x' }, claims)).toBe(false);
      expect(holds({ claim: '__proto__', equals: 'x' }, claims)).toBe(false);
      expect(holds({ claim: '__proto__', containsKey: 'toString' }, claims)).toBe(false);
      expect(holds({ claim: ['constructor', 'name'], equals: 'Object' }, claims)).toBe(false);
      expect(holds({ claim: 'constructor', optional: true, equals: 'x' }, claims)).toBe(true);
    }
  });

  it.each([['/realm_access/roles'], [['realm_access', 'roles']]])('reads within objects at %j', (claim) => {
    const rule = { claim, containsAny: ['admin'] };
    expect(holds(rule, { realm_access: { roles: ['user', 'admin'] } })).toBe(true);
    for (const claims of [
      { 'realm_access.roles': ['admin'], '/realm_access/roles': ['admin'], roles: ['admin'] },
      { realm_access: { roles: ['administrator'] } },
      { realm_access: ['admin'] },
      { realm_access: 'admin' },
      { realm_access: null },
      {},
    ]) {
      expect(holds(rule, claims)).toBe(false);
    }
  });
});

describe('a rule that permits absence', () => {
  const origin: ClaimRule = { claim: 'azp', oneOf: ['https://app.example'], optional: true };

  it('takes a token without the claim, and no other value of it', () => {
    expect(holds(origin, {})).toBe(true);
    expect(holds(origin, { azp: 'https://app.example' })).toBe(true);
    for (const azp of ['https://evil.example', '', null, [], ['https://app.example']])
      expect(holds(origin, { azp }), JSON.stringify(azp)).toBe(false);
  });

  it('is written out: without it, absence is no permission', () => {
    for (const optional of [false, undefined]) expect(holds({ ...origin, optional }, {})).toBe(false);
  });

  it('takes no other type on the way for absence', () => {
    const rule: ClaimRule = { claim: '/o/rol', equals: 'admin', optional: true };
    for (const claims of [{}, { o: {} }, { o: { id: 'x' } }, { o: { rol: 'admin' } }])
      expect(holds(rule, claims), JSON.stringify(claims)).toBe(true);
    for (const o of ['text', null, [], 7, { rol: null }, { rol: 'user' }])
      expect(holds(rule, { o }), JSON.stringify(o)).toBe(false);
  });

  it('asks all claims that name the client, and all that may hold scopes', () => {
    const client: ClaimRule = { claim: 'client_id', equals: 'shop', optional: true };
    expect(holds(client, {})).toBe(true);
    expect(holds(client, { azp: 'other' })).toBe(false);
    expect(holds(client, { client_id: '' })).toBe(false);
    const scope: ClaimRule = { claim: 'scope', contains: 'read', optional: true };
    expect(holds(scope, {})).toBe(true);
    expect(holds(scope, { scope: '' })).toBe(false);
    expect(holds(scope, { scp: 'write' })).toBe(false);
  });
});

describe('a rule for what an issuer calls otherwise', () => {
  const names = compileClaimNames({
    ...usualNames,
    clientIdClaims: ['cid'],
    scopeClaims: ['scp', '/realm_access/roles'],
  });

  it('for client_id is one for the client', () => {
    const rule: ClaimRule = { claim: 'client_id', oneOf: ['shop'] };
    expect(holds(rule, { azp: 'shop' })).toBe(true);
    expect(holds(rule, { client_id: 'other', azp: 'shop' })).toBe(false);
    expect(holds(rule, { cid: 'shop' }, names)).toBe(true);
    expect(holds(rule, { client_id: 'shop', azp: 'shop' }, names)).toBe(false);
  });

  it('for a member of scope is one for what answers show as scope', () => {
    const rule: ClaimRule = { claim: 'scope', contains: 'admin' };
    expect(holds(rule, { realm_access: { roles: ['admin'] } }, names)).toBe(true);
    expect(holds(rule, { scope: 'admin' }, names)).toBe(false);
  });
});

describe('the comparisons of a rule', () => {
  it.each([{}, { equals: 1, oneOf: [1] }, { contains: 'a', containsAny: ['a'] }, { containsKey: 'a', equals: 'a' }])(
    'are exactly one: with %j it does not compile',
    (comparisons) => {
      expect(() => requireRules({ rules: [{ claim: 'c', ...comparisons }], names: standardNames })).toThrow(RangeError);
    },
  );
});
