import type { JsonValue } from '../../src/shared/json-value.js';
import { accepted, refused, show, type TokenOf, type Vector } from './vector.js';
import { AUDIENCE, issuerOf } from './world.js';

/** The good token with these claims. */
function saying(claims: Record<string, JsonValue | undefined>): TokenOf {
  return ({ good }) => good.with(claims).build();
}

/** A token that satisfies the rules of the issuer that has some. */
function ruled(claims: Record<string, JsonValue | undefined>): TokenOf {
  const satisfying = { email: 'a@good.example', scope: 'orders:read', azp: 'shop' };
  return ({ good, world }) =>
    good
      .from(issuerOf(world, 'ruled'))
      .with({ ...satisfying, ...claims })
      .build();
}

const rules: readonly Vector[] = [
  accepted(
    'E-10',
    'azp of the rule, and several audiences',
    ruled({ aud: [AUDIENCE, 'https://other.example'], azp: 'till' }),
  ),
  ...['Shop', 'shop ', 'sho', ''].map((azp) => refused('E-10', `azp ${show(azp)}`, 'rule_failed', ruled({ azp }))),
  refused(
    'E-10',
    'azp missing with several audiences, and a rule asks for it',
    'rule_failed',
    ruled({ aud: [AUDIENCE, 'x'], azp: undefined }),
  ),
  accepted(
    'E-10',
    'azp missing with several audiences, and no rule asks for it',
    saying({ aud: [AUDIENCE, 'https://other.example'] }),
  ),
  refused('E-10', 'azp that is not a string', 'claim_malformed', saying({ azp: ['shop'] })),
  ...['a@evil@good.example', 'b@evil.example', 'A@good.example', ' a@good.example'].map((email) =>
    refused('E-15', `email ${email}`, 'rule_failed', ruled({ email })),
  ),
  ...[undefined, null, ''].map((email) =>
    refused('E-15', `required email ${show(email)}`, 'claim_missing', ruled({ email })),
  ),
  refused('E-15', 'email as an array', 'rule_failed', ruled({ email: ['a@good.example'] })),
  ...['sub', 'jti', 'client_id', 'azp'].flatMap((claim) =>
    [1, null, true, ['x'], {}].map((value: JsonValue) =>
      refused('E-15', `${claim} ${show(value)}`, 'claim_malformed', saying({ [claim]: value })),
    ),
  ),
];

const hostileNames = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'active',
  'token_type',
  'username',
];

const content: readonly Vector[] = [
  ...hostileNames.map((name) =>
    accepted('E-13', `a claim called ${name}`, ({ good }) =>
      good.rawPayload(`${good.payloadText.slice(0, -1)},"${name}":{"active":false}}`).build(),
    ),
  ),
  accepted('E-13', 'active: false', saying({ active: false })),
  refused('E-13', 'token_introspection', 'token_kind', saying({ token_introspection: { active: true } })),
  refused('E-13', 'cnf: null', 'claim_malformed', saying({ cnf: null })),
  refused('E-13', 'scope: {}', 'claim_malformed', saying({ scope: {} })),
  ...['<script>alert(1)</script>', 'a\r\nset-cookie: x', '\u001b[31mred', '\u202etxt.exe'].map((value) =>
    accepted('E-14', `a claim value ${show(value)} is text`, saying({ name: value, sub: value })),
  ),
  refused('E-14', 'a claim value of 1 MiB', 'oversized', saying({ name: 'x'.repeat(1 << 20) })),
];

const digest = Buffer.alloc(32, 1).toString('base64url');

const untruthful: readonly (readonly [string, JsonValue])[] = [
  ['a number', { jkt: 7 }],
  ['null', { jkt: null }],
  ['no digest', { jkt: '' }],
  ['a padded digest', { jkt: `${digest}=` }],
  ['a short digest', { jkt: digest.slice(1) }],
  ['a digest in another spelling', { jkt: `${digest.slice(0, -1)}F` }],
  ['an object', { 'x5t#S256': { a: 1 } }],
  ['a digest and another that is none', { jkt: digest, 'x5t#S256': 'x' }],
  ['no digest beside something unknown', { jkt: 'x', other: 1 }],
];

/** RFC 7800 §3.1: what is not understood is ignored beside what is, and passed on to those who may understand it. */
const passedOn: readonly (readonly [string, JsonValue])[] = [
  ['two bindings', { jkt: digest, 'x5t#S256': digest }],
  ['a digest and something unknown', { jkt: digest, 'kc-jkt-type': 'DPoP' }],
  ['nothing in it', {}],
  ['a whole key', { jwk: { kty: 'EC' } }],
  ['the name of a key', { kid: 'x' }],
];

const bindings: readonly Vector[] = [
  ...['jkt', 'x5t#S256'].map((member) => accepted('E-17', `cnf with ${member}`, saying({ cnf: { [member]: digest } }))),
  ...[null, 'jkt', 7, [], [{ jkt: 'x' }]].map((cnf: JsonValue) =>
    refused('E-17', `cnf ${show(cnf)}`, 'claim_malformed', saying({ cnf })),
  ),
  ...passedOn.map(([name, cnf]) => accepted('E-17', `cnf with ${name}`, saying({ cnf }))),
  ...untruthful.map(([name, cnf]) => refused('E-17', `cnf with ${name}`, 'confirmation_invalid', saying({ cnf }))),
];

const scopes: readonly Vector[] = [
  ...['orders:read', '', 'a b', 'a  b ', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", ['a', 'b'], []].map((scope: JsonValue) =>
    accepted('E-18', `scope ${show(scope)}`, saying({ scope })),
  ),
  ...[
    7,
    null,
    true,
    {},
    [7],
    [['a']],
    ['a b'],
    [''],
    'a\tb',
    'a\nb',
    'a"b',
    'a\\b',
    'a\u00e9',
    'a\0b',
    ['a\0b'],
  ].flatMap((scope: JsonValue) => [
    refused('E-18', `scope ${show(scope)}`, 'claim_malformed', saying({ scope })),
    refused('E-18', `scp ${show(scope)}`, 'claim_malformed', saying({ scp: scope })),
  ]),
  refused(
    'E-18',
    'scope with 10^5 entries',
    'oversized',
    saying({ scope: Array.from({ length: 100_000 }, () => 'a') }),
  ),
  accepted('E-18', 'scope with 4000 entries', saying({ scope: 'a '.repeat(4000) })),
  ...(['orders:read orders:write', 'x orders:read', ['orders:read']] as const).map((scope: JsonValue) =>
    accepted('E-18', `a rule finds its member in ${show(scope)}`, ruled({ scope })),
  ),
  ...['orders:rea', 'orders:read:all', 'ORDERS:READ', '', ['x']].map((scope: JsonValue) =>
    refused('E-18', `a rule finds no member in ${show(scope)}`, 'rule_failed', ruled({ scope })),
  ),
  accepted(
    'E-18',
    'a rule for scope reads scp where there is no scope',
    ruled({ scope: undefined, scp: ['orders:read'] }),
  ),
];

/** Table 2.E, rows about rules and about what claims may hold. */
export const claimAttacks: readonly Vector[] = [...rules, ...content, ...bindings, ...scopes];
