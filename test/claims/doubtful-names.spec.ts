import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminService, operator } from '../admin/support/admin-world.js';
import { explain, ruleOf } from '../admin/support/explanations.js';
import { ProviderWorld } from './support/provider-world.js';

let world: ProviderWorld;
let service: AdminService;

beforeAll(async () => {
  world = await ProviderWorld.start();
  ({ service } = world);
});

afterAll(() => world.stop());

const isActive = (id: string, claims: object, caller?: string) => world.isActive(id, claims, caller);
const warningsAbout = (id: string) =>
  service.lines.filter((line) => line['level'] === 'warn' && line['issuer'] === id && line['claim'] !== undefined);

describe('a name that only looks like a path', () => {
  const token = { realm_access: { roles: ['admin'] } };

  it('is no path: the rule holds for the claim of that very name alone', async () => {
    expect(await isActive('lenient', { 'org.role': 'user' })).toBe(false);
    expect(await isActive('lenient', { 'org.role': 'admin' })).toBe(true);
  });

  it('is warned of once, in the log, with what was probably meant', async () => {
    for (let i = 0; i < 3; i++) expect(await isActive('mistaken', token)).toBe(false);
    expect(warningsAbout('mistaken')).toMatchObject([
      { claim: 'realm_access.roles', remedy: expect.stringMatching(/written \/realm_access\/roles$/) as unknown },
    ]);
    expect(warningsAbout('ruled')).toEqual([]);
  });

  it('is named in the state of the issuer, and by explain', async () => {
    const { body } = await service.ask('GET', '/admin/v1/issuers/mistaken', { token: operator });
    expect(body['doubtfulClaims']).toMatchObject([{ claim: 'realm_access.roles' }]);
    const clean = await service.ask('GET', '/admin/v1/issuers/ruled', { token: operator });
    expect(clean.body).not.toHaveProperty('doubtfulClaims');
    const rule = ruleOf(await explain(service, await world.signed('mistaken', token)), 'rule for realm_access.roles');
    expect(rule).toMatchObject({ hint: expect.stringMatching(/\/realm_access\/roles$/) as unknown });
  });

  it('is warned of where it lets every token pass, because absence is permitted', async () => {
    expect(await isActive('lax', { org: { role: 'user' } })).toBe(true);
    expect(warningsAbout('lax')).toMatchObject([{ claim: 'org.role' }]);
  });

  it('is warned of where scopes should be read from it', async () => {
    expect(await isActive('unscoped', { realm_access: { roles: ['admin'] } })).toBe(true);
    expect(warningsAbout('unscoped')).toMatchObject([{ claim: 'realm_access.roles' }]);
  });

  it('is warned of where a caller requires it', async () => {
    for (let i = 0; i < 2; i++) expect(await isActive('plain', { org: { role: 'admin' } }, 'doubtful')).toBe(false);
    const warnings = service.lines.filter(({ level, caller }) => level === 'warn' && caller === 'doubtful');
    expect(warnings).toMatchObject([{ remedy: expect.stringMatching(/written \/org\/role$/) as unknown }]);
  });

  it('is not warned of where a token has had that claim', async () => {
    expect(await isActive('lenient', {})).toBe(true);
    expect(warningsAbout('lenient')).toEqual([]);
  });
});
