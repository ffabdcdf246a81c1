import type { JsonValue } from '../../src/shared/json-value.js';
import type { Members } from '../builders/a-token.js';
import { signAs } from '../builders/sign.js';
import { accepted, refused, show, type TokenOf, type Vector, type VectorContext } from './vector.js';

/** Signed by the attacker, with the header of the good token and these members. */
export function forged(members: (context: VectorContext) => Members): TokenOf {
  return (context) =>
    context.good
      .header(members(context))
      .signature((input) => signAs('ES256', context.world.attacker.es.privateKey, input))
      .build();
}

/** The good token with these header members, signed as it should be. */
export function hinted(members: (context: VectorContext) => Members): TokenOf {
  return (context) => context.good.header(members(context)).build();
}

const embeddedKey = ({ world }: VectorContext) => world.attacker.es.jwk;

const embedded: readonly Vector[] = [
  refused(
    'B-01',
    'jwk of the attacker, known kid',
    'signature_invalid',
    forged((context) => ({ jwk: embeddedKey(context) })),
  ),
  refused(
    'B-01',
    'jwk of the attacker, unknown kid',
    'key_unknown',
    forged((context) => ({ jwk: embeddedKey(context), kid: 'attacker-es' })),
    1,
  ),
  refused(
    'B-01',
    'jwk of the attacker, no kid',
    'signature_invalid',
    forged((context) => ({ jwk: embeddedKey(context), kid: undefined })),
  ),
  accepted(
    'B-01',
    'jwk of the attacker in a token that its issuer signed',
    hinted((context) => ({ jwk: embeddedKey(context) })),
  ),
];

const keyUrls = [
  'https://attacker.example/jwks.json',
  'https://login.corp.example/redirect?to=https://attacker.example/jwks.json',
  'https://login.corp.example@attacker.example/jwks.json',
  'https://attacker.example#login.corp.example/jwks.json',
  'https://login.corp.example/../../attacker/jwks.json',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
];

const pointedTo: readonly Vector[] = keyUrls.flatMap((url) => [
  refused(
    'B-02',
    `jku ${url}`,
    'signature_invalid',
    forged(() => ({ jku: url })),
  ),
  refused(
    'B-03',
    `x5u ${url}`,
    'signature_invalid',
    forged(() => ({ x5u: url })),
  ),
]);

const certificates: readonly Vector[] = [
  refused('B-03', 'x5c of the attacker, signed by its key', 'signature_invalid', (context) => {
    const { attacker } = context.world;
    return context.good
      .header({ alg: 'RS256', kid: 'rs', x5c: [attacker.certificate.toString('base64')] })
      .signature((input) => signAs('RS256', attacker.rs.privateKey, input))
      .build();
  }),
  refused('B-03', 'x5c copied from the issuer, signed by another key', 'signature_invalid', (context) => {
    const { attacker } = context.world;
    return context.good
      .header({ alg: 'RS256', kid: 'rs', x5c: [attacker.copiedCertificate.toString('base64')] })
      .signature((input) => signAs('RS256', attacker.rs.privateKey, input))
      .build();
  }),
  ...['', [], [null], {}, 0].map((x5c: JsonValue) =>
    refused(
      'B-03',
      `x5c ${show(x5c)}`,
      'signature_invalid',
      forged(() => ({ x5c })),
    ),
  ),
  accepted(
    'B-04',
    'x5t that is of another key is ignored',
    hinted(() => ({ x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' })),
  ),
  accepted(
    'B-04',
    'x5t#S256 that is no digest is ignored',
    hinted(() => ({ 'x5t#S256': 7 })),
  ),
];

/** Table 2.B, rows about keys that a header brings along or points to. */
export const headerInjectionAttacks: readonly Vector[] = [...embedded, ...pointedTo, ...certificates];
