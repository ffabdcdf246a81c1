import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminService } from '../admin/support/admin-world.js';
import { explain, ruleOf, stepOf } from '../admin/support/explanations.js';
import { claimsIn } from '../gateway/support/authorize.js';
import { clerkOrigin, ProviderWorld, zitadelRoles } from './support/provider-world.js';

let world: ProviderWorld;
let service: AdminService;

beforeAll(async () => {
  world = await ProviderWorld.start();
  ({ service } = world);
});

afterAll(() => world.stop());

const signed = (id: string, claims: object) => world.signed(id, claims);
const isActive = (id: string, claims: object, caller?: string) => world.isActive(id, claims, caller);

describe('Cognito: no audience, and the client in its place', () => {
  const access = { aud: undefined, token_use: 'access', client_id: 'shop' };

  it('a caller sees the tokens of its own client, and of no other', async () => {
    expect(await isActive('cognito', access, 'shop')).toBe(true);
    expect(await isActive('cognito', { ...access, client_id: 'other' }, 'shop')).toBe(false);
    expect(await isActive('cognito', { ...access, client_id: 'other' })).toBe(true);
  });

  it.each<[string, object]>([
    ['absent', { client_id: undefined }],
    ['empty', { client_id: '' }],
    ['the audience', { client_id: undefined, aud: 'shop' }],
  ])('a client that is %s grants nothing', async (_name, change) => {
    expect(await isActive('cognito', { ...access, ...change }, 'shop')).toBe(false);
  });

  it('an ID token is none for access', async () => {
    expect(await isActive('cognito', { aud: 'shop', token_use: 'id', client_id: 'shop' })).toBe(false);
  });

  it('explain says what the caller requires, and what was found', async () => {
    const explanation = await explain(service, await signed('cognito', { ...access, client_id: 'other' }), 'shop');
    expect(explanation.rejection).toMatchObject({ code: 'caller_claim_not_granted', detail: 'client_id' });
    expect(stepOf(explanation, 'rights')['require']).toEqual([
      { claim: 'client_id', found: { client_id: 'other' }, expected: 'one of "shop"', holds: false },
    ]);
  });
});

describe('Okta and Entra: the client under another name', () => {
  it('is client_id of the answer, and what rules for it read', async () => {
    const token = await signed('okta', { cid: 'shop', scp: ['orders:read', 'offline_access'] });
    expect(await service.introspect(token)).toMatchObject({
      active: true,
      client_id: 'shop',
      scope: 'orders:read offline_access',
    });
    expect(await isActive('okta', { cid: 'other' })).toBe(false);
    expect(await isActive('okta', { client_id: 'shop', azp: 'shop' })).toBe(false);
    expect(ruleOf(await explain(service, token), 'rule for client_id')).toMatchObject({ found: { cid: 'shop' } });
  });

  it('is what requirements of callers read', async () => {
    expect(await isActive('okta', { cid: 'shop' }, 'shop')).toBe(true);
    expect(await isActive('entra', { appid: 'shop' }, 'shop')).toBe(true);
    expect(await isActive('entra', { client_id: 'shop' }, 'shop')).toBe(false);
  });

  it('is the header of an upstream', async () => {
    const { headers } = await service.authorize(await signed('entra', { appid: 'daemon' }), 'caller=edge');
    expect(headers['x-auth-client-id']).toBe('daemon');
  });

  it.each([7, ['shop'], { id: 'shop' }, null])('of another type makes the token malformed: %j', async (cid) => {
    const { rejection } = await explain(service, await signed('okta', { cid, azp: 'shop' }));
    expect(rejection).toMatchObject({ code: 'claim_malformed', detail: 'cid' });
  });

  it('is not looked for under a name that is not registered', async () => {
    const answer = await service.introspect(await signed('plain', { cid: 'shop', appid: 'shop' }));
    expect(answer).toMatchObject({ active: true, cid: 'shop' });
    expect(answer).not.toHaveProperty('client_id');
  });
});

describe('Entra and Keycloak: roles for scopes', () => {
  const ask = async (id: string, claims: object, query: string) =>
    (await service.authorize(await signed(id, claims), query)).status;

  it('a proxy that demands a scope lets a role of that name pass', async () => {
    expect(await ask('entra', { scp: 'Orders.Read' }, 'caller=edge&scope=Orders.Read')).toBe(200);
    expect(await ask('entra', { roles: ['Orders.Read'] }, 'caller=edge&scope=Orders.Read')).toBe(200);
    expect(await ask('keycloak', { realm_access: { roles: ['admin'] } }, 'caller=edge&scope=admin')).toBe(200);
  });

  it.each<[string, object]>([
    ['entra', {}],
    ['entra', { roles: [] }],
    ['entra', { roles: 'Orders.Read.All' }],
    ['entra', { roles: ['x Orders.Read'] }],
    ['entra', { roles: { 'Orders.Read': false } }],
    ['entra', { scope: 'Orders.Read' }],
    ['plain', { roles: ['Orders.Read'] }],
  ])('and nothing else: %s %j', async (id, claims) => {
    expect(await ask(id, claims, 'caller=edge&scope=Orders.Read')).toBe(403);
  });

  it('they are the scope of the answer and of the header', async () => {
    const token = await signed('keycloak', { scope: 'email', realm_access: { roles: ['admin'] } });
    expect(await service.introspect(token)).toMatchObject({ scope: 'email admin' });
    const { headers } = await service.authorize(token, 'caller=edge');
    expect(headers['x-auth-scope']).toBe('email admin');
    expect(stepOf(await explain(service, token), 'disclosure')['read']).toMatchObject({
      scope: ['scope', '/realm_access/roles'],
    });
  });

  it('a profile of a proxy may demand a role that is no scope', async () => {
    expect(await ask('plain', { realm_access: { roles: ['user', 'admin'] } }, 'caller=edge-admin')).toBe(200);
    for (const claims of [{}, { realm_access: { roles: ['user'] } }, { realm_access: 'admin' }])
      expect(await ask('plain', claims, 'caller=edge-admin')).toBe(401);
  });
});

describe('Keycloak: claims within others', () => {
  it('a rule reads them by a pointer', async () => {
    expect(await isActive('ruled', { realm_access: { roles: ['admin', 'user'] } })).toBe(true);
    for (const claims of [{}, { realm_access: { roles: ['user'] } }, { realm_access: ['admin'] }, { roles: ['admin'] }])
      expect(await isActive('ruled', claims), JSON.stringify(claims)).toBe(false);
  });

  it('a required claim may be one, and is not there where its object is something else', async () => {
    expect(await isActive('keycloak', { realm_access: { roles: [] } })).toBe(true);
    for (const claims of [{}, { realm_access: {} }, { realm_access: 'roles' }, { '/realm_access/roles': [] }])
      expect(await isActive('keycloak', claims), JSON.stringify(claims)).toBe(false);
  });

  it('a caller may see one, and nothing beside it', async () => {
    const token = await signed('plain', { sub: 'a', realm_access: { roles: ['admin'], secret: 1 }, other: {} });
    const answer = await service.introspect(token, 'narrow');
    expect(answer['realm_access']).toEqual({ roles: ['admin'] });
    expect(answer).not.toHaveProperty('other');
    expect(stepOf(await explain(service, token, 'narrow'), 'disclosure')).toMatchObject({
      granted: ['sub', '/realm_access/roles'],
      withheld: expect.arrayContaining(['realm_access', 'other']) as unknown,
    });
    const { headers } = await service.authorize(token, 'caller=edge');
    expect(claimsIn(String(headers['x-auth-claims']))).toMatchObject({ realm_access: { roles: ['admin'], secret: 1 } });
  });
});

describe('Zitadel: the members of an object', () => {
  it('are roles by their names', async () => {
    const token = await signed('zitadel', { [zitadelRoles]: { reader: { '1': 'org.example' }, admin: { '1': 'x' } } });
    expect(await service.introspect(token)).toMatchObject({ active: true, scope: 'reader admin' });
    expect((await service.authorize(token, 'caller=edge&scope=admin')).status).toBe(200);
    expect((await service.authorize(token, 'caller=edge&scope=constructor')).status).toBe(403);
  });

  it.each([{}, { admin: {} }, 'reader', ['reader'], { reader: false }, { reader: null }, null])(
    'and no others: %j',
    async (roles) => {
      expect(await isActive('zitadel', { [zitadelRoles]: roles })).toBe(false);
      expect(await isActive('zitadel', {})).toBe(false);
    },
  );
});

describe('Clerk: an origin that may be absent', () => {
  it('is ours, or not there', async () => {
    expect(await isActive('clerk', { aud: undefined, azp: clerkOrigin })).toBe(true);
    expect(await isActive('clerk', { aud: undefined })).toBe(true);
    for (const azp of ['https://evil.example', ''])
      expect(await isActive('clerk', { aud: undefined, azp }), azp).toBe(false);
  });
});

describe('what stays as it was', () => {
  it.each([7, 12345, { id: 1 }])('a subject that is no text is malformed (RFC 7519 §4.1.2): %j', async (sub) => {
    const { rejection } = await explain(service, await signed('plain', { sub }));
    expect(rejection).toMatchObject({ code: 'claim_malformed', detail: 'sub' });
  });

  it('a comma separates no scopes (RFC 6749 §3.3)', async () => {
    const token = await signed('plain', { scope: 'read,write' });
    expect(await service.introspect(token)).toMatchObject({ active: true, scope: 'read,write' });
    expect((await service.authorize(token, 'caller=edge&scope=read')).status).toBe(403);
    expect((await service.authorize(token, 'caller=edge&scope=read,write')).status).toBe(200);
  });
});
