import type { JsonValue } from '../../src/shared/json-value.js';
import { accepted, refused, show, type TokenOf, type Vector } from './vector.js';
import { AUDIENCE, issuerOf } from './world.js';

/** The good token with these claims. */
function saying(claims: Record<string, JsonValue | undefined>): TokenOf {
  return ({ good }) => good.with(claims).build();
}

const ISSUER = 'https://login.corp.example';

const issuers: readonly Vector[] = [
  ...[undefined, ''].map((iss) => refused('E-01', `iss ${show(iss)}`, 'issuer_missing', saying({ iss }))),
  ...[null, 1, [], [ISSUER], {}, true].map((iss) =>
    refused('E-01', `iss ${show(iss)}`, 'claim_malformed', saying({ iss })),
  ),
  ...[
    ...[
      `${ISSUER}/`,
      'https://login.corp.example//',
      'HTTPS://login.corp.example',
      'https://LOGIN.corp.example',
      'http://login.corp.example',
    ],
    ...[
      `${ISSUER}:443`,
      'https://login%2ecorp.example',
      'https://login.corp.example@evil.example',
      'https://evil@login.corp.example',
    ],
    ...[
      `${ISSUER}.evil`,
      'https://login.corp',
      'login.corp.example',
      `${ISSUER}?`,
      `${ISSUER}#`,
      `${ISSUER}/..`,
      `x${ISSUER}`,
    ],
    ...[
      'https://xn--login-corp.example',
      'https://l\u043egin.corp.example',
      'https://login.corp.ex\u0061\u0301mple',
      'https://login.corp.ex\u00e1mple',
    ],
    ...[
      `${ISSUER} `,
      ` ${ISSUER}`,
      `${ISSUER}\n`,
      '\ufeffhttps://login.corp.example',
      '\uff48ttps://login.corp.example',
    ],
  ].map((iss) => refused('E-02', `iss ${show(iss)}`, 'issuer_unknown', saying({ iss }))),
  refused(
    'E-03',
    'an issuer that nobody registered and that resolves',
    'issuer_unknown',
    saying({ iss: 'https://example.com' }),
  ),
  refused('E-03', 'an issuer at a private address', 'issuer_unknown', saying({ iss: 'http://127.0.0.1:8081' })),
];

const audiences: readonly Vector[] = [
  ...[
    '',
    [],
    [''],
    `${AUDIENCE} https://other.example`,
    `${AUDIENCE},https://other.example`,
    [`${AUDIENCE} `],
    [AUDIENCE.toUpperCase()],
  ].map((aud) => refused('E-08', `aud ${show(aud)}`, 'audience_mismatch', saying({ aud }))),
  ...[
    'https://API.corp.example',
    'https://api.corp',
    'https://api.corp.example.evil',
    `${AUDIENCE}/`,
    'https://api.corp.example/orders',
  ].map((aud) => refused('E-08', `aud ${show(aud)}`, 'audience_mismatch', saying({ aud }))),
  ...[null, [null], { aud: AUDIENCE }, 7, true, [AUDIENCE, 7], [[AUDIENCE]]].map((aud: JsonValue) =>
    refused('E-08', `aud ${show(aud)}`, 'claim_malformed', saying({ aud })),
  ),
  refused('E-08', 'aud missing', 'audience_mismatch', saying({ aud: undefined })),
  refused(
    'E-08',
    'aud with 10^5 entries',
    'oversized',
    saying({ aud: Array.from({ length: 100_000 }, (_, i) => `a${i}`) }),
  ),
  accepted(
    'E-08',
    'aud with 500 others and the right one',
    saying({ aud: [...Array.from({ length: 500 }, (_, i) => `a${i}`), AUDIENCE] }),
  ),
  accepted('E-08', 'aud as an array of one', saying({ aud: [AUDIENCE] })),
  accepted('E-08', 'aud missing, where the issuer says any', ({ good, world }) =>
    good.from(issuerOf(world, 'open')).with({ aud: undefined }).build(),
  ),
  refused('E-08', 'aud of the wrong type, where the issuer says any', 'claim_malformed', ({ good, world }) =>
    good.from(issuerOf(world, 'open')).for(7).build(),
  ),
  refused('E-09', 'a pattern is a name: it does not match', 'audience_mismatch', ({ good, world }) =>
    good
      .from(issuerOf(world, 'pattern'))
      .for(`${'a'.repeat(5000)}!`)
      .build(),
  ),
  accepted('E-09', 'a pattern is a name: it equals itself', ({ good, world }) =>
    good.from(issuerOf(world, 'pattern')).for('(a+)+$').build(),
  ),
];

/** Table 2.E, rows about who issued a token and whom it is for. */
export const partyAttacks: readonly Vector[] = [...issuers, ...audiences];
