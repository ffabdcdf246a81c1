import { describe, expect, it } from 'vitest';
import { RecordedProblems } from '../../test/builders/recorded-problems.js';
import { grantorOf, MOST_SCOPES, plainScope, ScopeHierarchy } from './scope-hierarchy.js';

function from(lists: Readonly<Record<string, readonly string[]>>) {
  const recorded = new RecordedProblems();
  const hierarchy = ScopeHierarchy.from(new Map(Object.entries(lists)), recorded.place('scopeImplies'));
  return { hierarchy, said: recorded.problems.map(({ path, found }) => `${path}: ${found}`) };
}

const files = from({
  'files:admin': ['files:write', 'files:share'],
  'files:write': ['files:read'],
  'files:share': ['files:read'],
}).hierarchy!;

describe('ScopeHierarchy', () => {
  it.each<[readonly string[], string, string | undefined]>([
    [['files:read'], 'files:read', 'files:read'],
    [['files:write'], 'files:read', 'files:write'],
    [['files:admin'], 'files:read', 'files:admin'],
    [['files:share', 'files:write'], 'files:read', 'files:share'],
    [['files:write', 'files:read'], 'files:read', 'files:read'],
    [['files:read'], 'files:write', undefined],
    [['files:write'], 'files:share', undefined],
    [['files:write'], 'files:read:all', undefined],
    [['files'], 'files:read', undefined],
    [['FILES:WRITE'], 'files:read', undefined],
    [['files:*'], 'files:read', undefined],
    [['*'], 'files:read', undefined],
    [['__proto__', 'constructor'], 'files:read', undefined],
    [[], 'files:read', undefined],
  ])('KIT-04 of %j what grants %s is %s', (held, needed, grantor) => {
    expect(files.grantor(held, needed)).toBe(grantor);
  });

  it('grants without one what a token has itself, and nothing else', () => {
    expect(grantorOf(undefined, ['files:write'], 'files:write')).toBe('files:write');
    expect(grantorOf(undefined, ['files:write'], 'files:read')).toBeUndefined();
  });

  it('names each of its scopes once', () => {
    expect(files.names).toEqual(['files:admin', 'files:write', 'files:share', 'files:read']);
  });

  it.each<[Readonly<Record<string, readonly string[]>>, readonly string[]]>([
    [{ a: ['a'] }, ['scopeImplies.a[0]: a circle: a → a']],
    [{ a: ['b'], b: ['a'] }, ['scopeImplies.b[0]: a circle: a → b → a']],
    [{ x: ['a'], a: ['y', 'b'], b: ['c'], c: ['a'] }, ['scopeImplies.c[0]: a circle: a → b → c → a']],
    [
      { a: ['b'], b: ['a'], c: ['c', 'a'] },
      ['scopeImplies.b[0]: a circle: a → b → a', 'scopeImplies.c[0]: a circle: c → c'],
    ],
  ])('KIT-04 a circle is refused, once, where it closes: %j', (lists, problems) => {
    expect(from(lists)).toEqual({ hierarchy: undefined, said: problems });
  });

  it('is bounded: a long chain is good, and one scope more is refused', () => {
    const chain = (length: number) =>
      Object.fromEntries(Array.from({ length: length - 1 }, (_, i) => [`s${i}`, [`s${i + 1}`]]));
    const last = `s${MOST_SCOPES - 1}`;
    expect(from(chain(MOST_SCOPES)).hierarchy?.grantor(['s0'], last)).toBe('s0');
    expect(from(chain(MOST_SCOPES + 1)).said).toEqual([`scopeImplies: ${MOST_SCOPES + 1} scopes`]);
  });

  it.each(['*', 'files:*', 'a b', '', 'a"b', 'a\\b', 'zoë'])('KIT-04 %j is no scope to write', (name) => {
    expect(plainScope.test(name)).toBe(false);
  });
});
