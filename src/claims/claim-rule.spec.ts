import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { requireRules, type ClaimRule } from './claim-rule.js';

function holds(rule: ClaimRule, claims: JsonObject): boolean {
  const jwt = { header: { alg: 'ES256' }, claims, keyThumbprint: '' } as unknown as VerifiedJwt;
  const [compiled] = requireRules({ rules: [rule] });
  const refusal = compiled!.check(jwt, 0);
  if (refusal) expect(refusal).toEqual(new Rejection('rule_failed', rule.claim));
  return refusal === undefined;
}

const cases: readonly (readonly [ClaimRule, satisfying: readonly unknown[], others: readonly unknown[]])[] = [
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
      startsWith: undefined,
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
    expect(holds({ claim: 'toString', contains: 'x' }, Object.create(null) as JsonObject)).toBe(false);
    expect(holds({ claim: '__proto__', equals: 'x' }, Object.create(null) as JsonObject)).toBe(false);
  });

  it.each([{}, { equals: 1, oneOf: [1] }, { contains: 'a', containsAny: ['a'] }])(
    'with comparisons %j does not compile',
    (comparisons) => {
      expect(() => requireRules({ rules: [{ claim: 'c', ...comparisons }] })).toThrow(RangeError);
    },
  );
});
