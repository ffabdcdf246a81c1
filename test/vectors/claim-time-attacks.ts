import type { JsonValue } from '../../src/shared/json-value.js';
import type { RejectionCode } from '../../src/tokens/rejection.js';
import type { TokenBuilder } from '../builders/a-token.js';
import { accepted, frozen, refused, show, type TokenOf, type Vector } from './vector.js';
import { issuerOf } from './world.js';

/** The good token with a time of its own; `seconds` counts from now. */
function shifted(
  claim: 'exp' | 'nbf' | 'iat',
  seconds: number,
  more: (token: TokenBuilder) => TokenBuilder = (token) => token,
): TokenOf {
  return ({ good, now }) => more(good.with({ [claim]: now + seconds })).build();
}

/** The same at the issuer that tolerates no difference of clocks. */
function exactly(claim: 'exp' | 'nbf' | 'iat', seconds: number): TokenOf {
  return ({ good, now, world }) =>
    good
      .from(issuerOf(world, 'exact'))
      .with({ iat: now - 60, nbf: now - 60, [claim]: now + seconds })
      .build();
}

/** The good token with a literal in the place of a time, as JSON text: not every number survives being one. */
function literally(claim: string, literal: string): TokenOf {
  return ({ good }) => good.rawPayload(good.with({ [claim]: '@' }).payloadText.replace('"@"', literal)).build();
}

const wrongTypes: readonly JsonValue[] = [null, '9999999999', 'abc', '', true, [], {}, [9999999999]];
const notDates = ['-1', '9007199254740992', '9223372036854775808', '1e18', '1e308', '-1700000000.5'];
const notNumbers = ['1e400', '-1e400', 'NaN', 'Infinity', '0x7fffffff'];

const types: readonly Vector[] = (
  [
    ['E-05', 'exp'],
    ['E-06', 'nbf'],
    ['E-07', 'iat'],
  ] as const
).flatMap(([id, claim]) => [
  ...wrongTypes.map((value) =>
    refused(id, `${claim} ${show(value)}`, 'claim_malformed', ({ good }) => good.with({ [claim]: value }).build()),
  ),
  ...notDates.map((literal) => refused(id, `${claim} ${literal}`, 'claim_malformed', literally(claim, literal))),
  ...notNumbers.map((literal) => refused(id, `${claim} ${literal}`, 'malformed', literally(claim, literal))),
]);

const expiry: readonly Vector[] = [
  ...['0', '-0'].map((zero) => refused('E-05', `exp ${zero}`, 'claim_malformed', literally('exp', zero))),
  refused('E-05', 'exp is past', 'expired', ({ good, now }) => good.expiredAt(now).build()),
  refused('E-05', 'exp 1.5', 'expired', literally('exp', '1.5')),
  refused('E-05', 'exp 1e3', 'expired', literally('exp', '1e3')),
  refused('E-05', 'exp missing', 'claim_missing', ({ good }) => good.with({ exp: undefined }).build()),
  refused('E-05', 'exp in milliseconds', 'lifetime_exceeded', ({ good, now }) =>
    good.with({ exp: now * 1000 }).build(),
  ),
  refused('E-05', 'exp in milliseconds, without iat', 'lifetime_exceeded', ({ good, now }) =>
    good.with({ exp: now * 1000, iat: undefined }).build(),
  ),
  refused('E-05', 'exp in 50 000 years', 'lifetime_exceeded', literally('exp', '1600000000000')),
  accepted('E-05', 'exp with a fraction', shifted('exp', 60.5)),
  accepted('E-05', 'exp as 1.8e9 would be written', ({ good, now }) =>
    good.rawPayload(good.with({ exp: '@' }).payloadText.replace('"@"', `${(now + 60) / 10}e1`)).build(),
  ),
  ...[
    refused('E-05', 'past by a second, no tolerance', 'expired', exactly('exp', -1)),
    refused('E-05', 'exp is now, no tolerance', 'expired', exactly('exp', 0)),
    accepted('E-05', 'half a second left, no tolerance', exactly('exp', 0.5)),
    accepted('E-05', 'past by a second less than the tolerance', shifted('exp', -29)),
    refused('E-05', 'past by the tolerance', 'expired', shifted('exp', -30)),
  ].map(frozen),
];

const start: readonly Vector[] = [
  refused('E-06', 'nbf in the future', 'not_yet_valid', shifted('nbf', 120)),
  accepted('E-06', 'nbf missing', ({ good }) => good.with({ nbf: undefined }).build()),
  accepted('E-06', 'nbf with a fraction', shifted('nbf', -0.5)),
  accepted('E-06', 'nbf zero, as Keycloak wrote it', literally('nbf', '0')),
  accepted('E-06', 'nbf long ago', literally('nbf', '1')),
  ...[
    accepted('E-06', 'nbf ahead by the tolerance', shifted('nbf', 30)),
    refused('E-06', 'nbf ahead by a second more', 'not_yet_valid', shifted('nbf', 31)),
    accepted('E-06', 'nbf is now, no tolerance', exactly('nbf', 0)),
    refused('E-06', 'nbf is in half a second, no tolerance', 'not_yet_valid', exactly('nbf', 0.5)),
  ].map(frozen),
];

const issue: readonly Vector[] = [
  refused('E-07', 'iat in the future', 'issued_in_future', shifted('iat', 120)),
  refused('E-07', 'iat in milliseconds', 'issued_in_future', ({ good, now }) => good.with({ iat: now * 1000 }).build()),
  refused('E-07', 'iat very old, exp still ahead', 'lifetime_exceeded', literally('iat', '1')),
  accepted('E-07', 'iat missing: what is left of the life is measured', ({ good }) =>
    good.with({ iat: undefined }).build(),
  ),
  refused(
    'E-07',
    'iat missing, exp too far ahead',
    'lifetime_exceeded',
    shifted('exp', 90_000, (token) => token.with({ iat: undefined })),
  ),
  ...(
    [
      ['a life of a day', 0, undefined],
      ['a life of a day and a second', 1, 'lifetime_exceeded'],
    ] as const
  ).map(([name, seconds, rejection]) => lifeOfADay(name, seconds, rejection)),
  ...[
    accepted('E-07', 'iat ahead by the tolerance', shifted('iat', 30)),
    refused('E-07', 'iat ahead by a second more', 'issued_in_future', shifted('iat', 31)),
  ].map(frozen),
];

function lifeOfADay(name: string, extraSeconds: number, rejection: RejectionCode | undefined): Vector {
  const token: TokenOf = ({ good, now }) => good.with({ iat: now - 60, exp: now - 60 + 86_400 + extraSeconds }).build();
  return rejection ? refused('E-07', name, rejection, token) : accepted('E-07', name, token);
}

/** Table 2.E, rows about time. */
export const claimTimeAttacks: readonly Vector[] = [...types, ...expiry, ...start, ...issue];
