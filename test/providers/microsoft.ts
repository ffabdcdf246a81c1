/** Microsoft Entra ID: tokens of an API of our own, by the access token and ID token claims references. */
import type { ProviderRow } from './support/provider-row.js';

const tenant = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const otherTenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const api = '6e74172b-be56-4843-9ff4-e66a39bb12e3';
const client = '11112222-bbbb-3333-cccc-4444dddd5555';
const oid = '00000000-0000-0000-66f3-3332eca7ea81';
const uti = 'fqiBqXLPj0eQa82S-IYFAA';

const v1 = `https://sts.windows.net/${tenant}/`;
const v2 = `https://login.microsoftonline.com/${tenant}/v2.0`;

const common = {
  place: 'discoveryUrl',
  alg: 'RS256',
  published: { certificate: true, alg: undefined, x5t: 'signs' },
  headers: { 'cache-control': 'max-age=86400, private' },
} as const;

const user = {
  sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ',
  oid,
  tid: tenant,
  uti,
  rh: '0.AXoAz',
  aio: 'E2ZgYBgA',
};
const usualLife = 4_512;
const dayAndFourHours = 28 * 3600;

/** Both versions; which one a token has is decided by the API that it is for. */
export const microsoft: readonly ProviderRow[] = [
  {
    ...common,
    preset: 'entra-v2',
    iss: v2,
    registration: { audiences: [api] },
    accepted: [
      {
        what: 'of a user',
        header: { typ: 'JWT' },
        claims: {
          ...user,
          aud: api,
          azp: client,
          azpacr: '0',
          scp: 'Orders.Read Orders.Write',
          preferred_username: 'abeli@corp.example',
          ver: '2.0',
        },
        lives: usualLife,
        answer: {
          sub: user.sub,
          aud: api,
          client_id: client,
          scope: 'Orders.Read Orders.Write',
          username: 'abeli@corp.example',
        },
      },
      {
        what: 'of an application, with its roles',
        header: { typ: 'JWT' },
        claims: {
          sub: oid,
          oid,
          tid: tenant,
          uti,
          aud: api,
          azp: client,
          azpacr: '1',
          roles: ['Orders.Read.All'],
          ver: '2.0',
        },
        lives: usualLife,
        answer: { sub: oid, aud: api, client_id: client, scope: 'Orders.Read.All' },
      },
      {
        what: 'with continuous access evaluation',
        header: { typ: 'JWT' },
        claims: { ...user, aud: api, azp: client, scp: 'Orders.Read', xms_cc: ['CP1'], ver: '2.0' },
        lives: dayAndFourHours,
        answer: { sub: user.sub, aud: api, client_id: client, scope: 'Orders.Read' },
      },
    ],
    refused: [
      {
        what: 'an ID token with nonce',
        claims: { azp: undefined, scp: undefined, nonce: '12345' },
        code: 'token_kind',
        hint: 'send the access token',
      },
      {
        what: 'an ID token of a client that is the API, too, without nonce',
        claims: { azp: undefined, scp: undefined },
        code: 'claim_missing',
        hint: 'an ID token',
      },
      {
        what: 'one of version 1.0',
        whole: { ...user, iss: v1, aud: `api://orders`, appid: client, ver: '1.0' },
        code: 'issuer_unknown',
        hint: 'entra-v1',
      },
      {
        what: 'one of another tenant',
        claims: { iss: v2.replace(tenant, otherTenant), tid: otherTenant },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      {
        what: 'one for the App ID URI',
        claims: { aud: 'api://orders' },
        code: 'audience_mismatch',
        hint: 'never its App ID URI',
      },
      { what: 'one that lives for two days', lives: 48 * 3600, code: 'lifetime_exceeded', hint: 'at most 28 hours' },
      {
        what: 'one for Graph, whose nonce was another one when it was signed',
        header: { nonce: 'Q2VydGFpbmx5' },
        signedWith: { nonce: 'another' },
        claims: { aud: '00000003-0000-0000-c000-000000000000' },
        code: 'signature_invalid',
        hint: 'Microsoft Graph',
      },
    ],
  },
  {
    ...common,
    preset: 'entra-v1',
    iss: v1,
    registration: { audiences: ['api://orders', api] },
    accepted: [
      {
        what: 'for the App ID URI',
        header: { typ: 'JWT', x5t: 'signs' },
        claims: {
          ...user,
          aud: 'api://orders',
          appid: client,
          appidacr: '0',
          scp: 'Orders.Read',
          upn: 'abeli@corp.example',
          ver: '1.0',
        },
        lives: usualLife,
        answer: {
          sub: user.sub,
          aud: 'api://orders',
          client_id: client,
          scope: 'Orders.Read',
          username: 'abeli@corp.example',
        },
      },
      {
        what: 'of an application, for the client id',
        header: { typ: 'JWT', x5t: 'signs' },
        claims: {
          sub: oid,
          oid,
          tid: tenant,
          uti,
          aud: api,
          appid: client,
          appidacr: '1',
          roles: ['Orders.Read.All'],
          ver: '1.0',
        },
        answer: { sub: oid, aud: api, client_id: client, scope: 'Orders.Read.All' },
      },
    ],
    refused: [
      {
        what: 'an ID token without nonce',
        claims: { aud: api, appid: undefined, scp: undefined },
        code: 'claim_missing',
        hint: 'an ID token',
      },
      {
        what: 'one of version 2.0',
        whole: { ...user, iss: v2, aud: api, azp: client, ver: '2.0' },
        code: 'issuer_unknown',
        hint: 'entra-v2',
      },
      {
        what: 'one of another tenant',
        claims: { iss: v1.replace(tenant, otherTenant) },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
      { what: 'one for another API', claims: { aud: 'api://invoices' }, code: 'audience_mismatch', hint: 'list both' },
      { what: 'one that lives for two days', lives: 48 * 3600, code: 'lifetime_exceeded', hint: 'at most 28 hours' },
    ],
  },
  {
    ...common,
    preset: 'entra-v2',
    iss: v2,
    registration: {
      issuer: v2.replace(tenant, '{tenant}'),
      template: { tenants: [tenant], class: 'guid', claim: 'tid', keys: 'shared' },
      audiences: [api],
    },
    metadata: { issuer: v2.replace(tenant, '{tenantid}') },
    published: { ...common.published, issuer: v2.replace(tenant, '{tenantid}') },
    accepted: [
      {
        what: 'of a tenant of several',
        header: { typ: 'JWT' },
        claims: { ...user, aud: api, azp: client, scp: 'Orders.Read', ver: '2.0' },
        answer: { sub: user.sub, aud: api, client_id: client, scope: 'Orders.Read' },
      },
    ],
    refused: [
      {
        what: 'one of a tenant that is not listed',
        claims: { iss: v2.replace(tenant, otherTenant), tid: otherTenant },
        code: 'issuer_unknown',
        hint: 'another one than is registered',
      },
    ],
  },
];
