import { describe, expect, it } from 'vitest';
import type { ClaimName } from '../../claims/claim-name.js';
import { grantedMemberDefect, grantedMembers, grantOfClaims, memberPointers } from './granted-members.js';

describe('what a caller may see', () => {
  it('is whole claims and members of others', () => {
    const names: readonly ClaimName[] = ['sub', '/tenant', 'https://x/y', '/realm_access/roles', ['act', 'a/b', 'c']];
    expect(grantOfClaims(names)).toEqual(new Set(['sub', 'tenant', 'https://x/y']));
    expect(memberPointers(grantedMembers(names)!)).toEqual(['/realm_access/roles', '/act/a~1b/c']);
    expect(grantedMembers(['sub'])).toBeUndefined();
    expect([grantOfClaims('any'), grantedMembers('any')]).toEqual(['any', undefined]);
    expect(grantOfClaims([])).toEqual(new Set());
  });

  it.each([[['/a/b', '/a/b/c']], [['/a/b/c', '/a/b']]])('is the wider of two grants: %j', (names) => {
    expect(memberPointers(grantedMembers(names)!)).toEqual(['/a/b']);
  });

  it.each(['/a/__proto__', '/__proto__/a', '/a/constructor/b', ['a', 'prototype']])(
    'is never a way through %j',
    (name) => {
      expect(grantedMemberDefect(name)).toMatch(/without __proto__, constructor, prototype/);
    },
  );

  it.each(['sub', '/a/b', '/a/toString'])('may be %j', (name) => {
    expect(grantedMemberDefect(name)).toBeUndefined();
  });
});
