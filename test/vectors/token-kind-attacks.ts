import type { JsonValue } from '../../src/shared/json-value.js';
import { accepted, refused, show, type TokenOf, type Vector } from './vector.js';

/** Explicit types of other JWTs, R8725-11. */
const otherTypes = [
  ...[
    'dpop+jwt',
    'logout+jwt',
    'secevent+jwt',
    'token-introspection+jwt',
    'client-authentication+jwt',
    'oauth-authz-req+jwt',
  ],
  ...[
    'statuslist+jwt',
    'oauth-client-attestation+jwt',
    'oauth-client-attestation-pop+jwt',
    'entity-statement+jwt',
    'trust-mark+jwt',
  ],
  ...[
    'jwk-set+jwt',
    'openid4vci-proof+jwt',
    'dc+sd-jwt',
    'kb+jwt',
    'id+jwt',
    'JOSE',
    'application/dpop+jwt',
    'text/at+jwt',
  ],
  ...['none', 'application/none', 'x/application/jwt', 'application/x/jwt', 'at+jwt;v=1'],
];

const ownTypes = [
  'at+jwt',
  'AT+JWT',
  'application/at+jwt',
  'Application/AT+JWT',
  'JWT',
  'jwt',
  'application/jwt',
  undefined,
];

const notTypes: readonly JsonValue[] = [
  7,
  null,
  true,
  ['at+jwt'],
  {},
  '',
  'at+jwt ',
  ' at+jwt',
  'at+jwt\n',
  'at+\u212awt',
  'x'.repeat(256),
];

/** The good token as an issuer without explicit types would send it, with these claims. */
function untyped(claims: Record<string, JsonValue | undefined>): TokenOf {
  return ({ good }) => good.header({ typ: undefined }).with(claims).build();
}

const logoutEvent = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const revokedEvent = { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} };

/** What gives a kind away when the header does not. */
const byClaims: readonly Vector[] = [
  refused('E-11', 'ID token with nonce', 'token_kind', untyped({ nonce: 'n' })),
  refused('E-11', 'ID token with at_hash', 'token_kind', untyped({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })),
  refused('E-11', 'ID token with c_hash', 'token_kind', untyped({ c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })),
  refused('E-11', 'ID token for the client', 'audience_mismatch', untyped({ aud: 'shop' })),
  refused('E-11', 'ID token whose nonce is null', 'token_kind', untyped({ nonce: null })),
  refused('E-11', 'logout token', 'token_kind', untyped({ events: logoutEvent, sid: 's' })),
  refused('E-11', 'security event with an expiry', 'token_kind', untyped({ events: revokedEvent })),
  refused(
    'E-11',
    'security event as it should be',
    'claim_missing',
    untyped({ events: revokedEvent, exp: undefined, sub: undefined }),
  ),
  refused('E-11', 'RFC 9701 response with an expiry', 'token_kind', untyped({ token_introspection: { active: true } })),
  refused(
    'E-11',
    'status list token with an expiry',
    'token_kind',
    untyped({ status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } }),
  ),
  refused(
    'E-11',
    'DPoP proof',
    'issuer_missing',
    untyped({ iss: undefined, htm: 'POST', htu: 'https://api.corp.example' }),
  ),
  refused(
    'E-11',
    'client assertion',
    'issuer_unknown',
    untyped({ iss: 'shop', sub: 'shop', aud: 'https://login.corp.example' }),
  ),
  refused('E-11', 'request object', 'issuer_unknown', untyped({ iss: 'shop', response_type: 'code' })),
  ...['Refresh', 'Offline', 'ID', 'Logout'].map((typ) =>
    refused('E-12', `Keycloak token with the claim typ ${typ}`, 'token_kind', untyped({ typ })),
  ),
  ...['Bearer', 'DPoP'].flatMap((typ) => [
    accepted('E-12', `Keycloak token with the claim typ ${typ}`, untyped({ typ })),
    accepted('E-12', `Keycloak token with the claim typ ${typ} and a nonce`, untyped({ typ, nonce: 'n' })),
  ]),
  accepted('E-12', 'Cognito access token', untyped({ token_use: 'access', nonce: 'n' })),
  refused('E-12', 'Cognito ID token without nonce and at_hash', 'token_kind', untyped({ token_use: 'id' })),
  accepted('E-12', 'access token with a nonce, by its type', ({ good }) => good.with({ nonce: 'n' }).build()),
  ...[{ typ: 'ID' }, { token_use: 'id' }, { typ: 'Refresh' }].map((words) =>
    refused('E-12', `at+jwt with ${show(words)}`, 'token_kind', ({ good }) => good.with(words).build()),
  ),
  refused('E-12', 'two words that differ', 'token_kind', untyped({ typ: 'Bearer', token_use: 'id' })),
];

/** Table 2.E, rows about tokens of other kinds. */
export const tokenKindAttacks: readonly Vector[] = [
  ...otherTypes.map((typ) =>
    refused('E-11', `typ ${typ}`, 'token_type_not_allowed', ({ good }) => good.header({ typ }).build()),
  ),
  ...ownTypes.map((typ) => accepted('E-11', `typ ${show(typ)}`, ({ good }) => good.header({ typ }).build())),
  ...notTypes.map((typ) =>
    refused('E-11', `typ ${show(typ)}`, 'header_invalid', ({ good }) => good.header({ typ }).build()),
  ),
  ...byClaims,
];
