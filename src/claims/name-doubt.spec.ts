import { describe, expect, it } from 'vitest';
import { hintAbout, NameDoubt } from './name-doubt.js';

const keycloak = { realm_access: { roles: ['admin'] }, 'kubernetes.io': { namespace: 'shop' } };

describe('a doubt about a name', () => {
  it.each(['realm_access.roles', 'realm_access/roles', '$.realm_access.roles', '#/realm_access/roles'])(
    'is whether %s was meant as a path, and says which',
    (name) => {
      const doubt = NameDoubt.about(name)!;
      expect(doubt.isFounded).toBe(false);
      doubt.see(keycloak);
      expect(doubt.isFounded).toBe(true);
      expect(doubt.remedy).toMatch(/written \/realm_access\/roles$/);
    },
  );

  it('finds what has dots in its own name', () => {
    const doubt = NameDoubt.about('kubernetes.io.namespace')!;
    doubt.see(keycloak);
    expect(doubt.remedy).toMatch(/written \/kubernetes\.io\/namespace$/);
  });

  it('says how it is written where no token has it either way', () => {
    const doubt = NameDoubt.about('tenant.id')!;
    doubt.see({ sub: 'alice' });
    expect(doubt.remedy).toMatch(/such as \/tenant\/id, or as a list of names$/);
  });

  it('ends with the first token that has a claim of that name', () => {
    const doubt = NameDoubt.about('a.b')!;
    doubt.see({});
    doubt.see({ 'a.b': null });
    expect(doubt.isFounded).toBe(false);
    doubt.see({});
    expect(doubt.isFounded).toBe(false);
  });

  it.each(['sub', 'https://example.com/roles', 'urn:zitadel:iam:org:project:roles', '/a/b', ['a', 'b'], '.a', 'a..b'])(
    'is not had about %j',
    (name) => {
      expect(NameDoubt.about(name)).toBeUndefined();
    },
  );

  it('follows no prototype', () => {
    const doubt = NameDoubt.about('constructor.name')!;
    doubt.see({});
    expect(doubt.remedy).toContain('such as /constructor/name');
  });
});

describe('a hint about a name', () => {
  it('is given for a token that does not have it', () => {
    expect(hintAbout('realm_access.roles', keycloak)).toContain('/realm_access/roles');
    expect(hintAbout('realm_access.roles', { 'realm_access.roles': [] })).toBeUndefined();
    expect(hintAbout('/realm_access/groups', keycloak)).toBeUndefined();
  });
});
