import { Section } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { declareField, Rule, unreadable, type FieldOptions, type FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { second } from '../shared/configuration/quantities.js';
import {
  DurationField,
  FileField,
  FlagField,
  IntegerField,
  OneOfField,
  SecretField,
  TextField,
} from '../shared/configuration/scalar-fields.js';

/** Longest opaque token that is ever sent to its issuer, in characters. */
export const LONGEST_OPAQUE_TOKEN = 4_096;

/** Algorithms that we sign our own assertions with. */
export const assertionAlgorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

/** A key that signs who we are (RFC 7523 §2.2). */
export class OpaqueAssertionSection {
  @FileField('PEM of the private key; read again when it changes', { required: true, example: 'assay.key' })
  readonly keyFile!: FileText;

  @OneOfField('signature algorithm; left out: RS256 for RSA, and for other keys the one that they have', {
    words: assertionAlgorithms,
  })
  readonly algorithm?: (typeof assertionAlgorithms)[number];

  @TextField('`kid` of the key, as it is registered there', { example: 'assay-2026' })
  readonly kid?: string;
}

/** A certificate that shows who we are (RFC 8705 §2). */
export class OpaqueCertificateSection {
  @FileField('PEM of the certificate, with its chain; read again when it changes', {
    required: true,
    example: 'client.crt',
  })
  readonly certificateFile!: FileText;

  @FileField('PEM of its private key', { required: true, example: 'client.key' })
  readonly keyFile!: FileText;
}

/** Who we are to an issuer whose tokens we ask about. Sent to that issuer alone. */
export class OpaqueCredentialsSection {
  @TextField('our client id there', { required: true, example: 'assay' })
  readonly clientId!: string;

  @SecretField('its secret, sent as HTTP Basic; read again when its file changes', {
    example: '${file:/run/secrets/idp-client}',
  })
  readonly secret?: string;

  @Section('a key that signs a new assertion for each call (private_key_jwt)', () => OpaqueAssertionSection)
  readonly assertion?: OpaqueAssertionSection;

  @Section('a certificate that is shown in TLS (tls_client_auth)', () => OpaqueCertificateSection)
  readonly certificate?: OpaqueCertificateSection;

  @Rule('secret', 'assertion', 'certificate')
  refuseOtherThanOne(place: Place): void {
    const given = (['secret', 'assertion', 'certificate'] as const).filter((name) => this[name] !== undefined);
    if (given.length !== 1)
      place.refuse(given.join(' and ') || 'no credentials', 'exactly one of secret, assertion, certificate');
  }
}

/** Which opaque tokens are of this issuer. */
export class OpaqueMatchSection {
  @TextField(
    'what all its tokens begin with; no other issuer may have a prefix that begins with it, or that it begins with',
    {
      pattern: /^[!-~]{4,64}$/,
      expected: 'at least 4 visible ASCII characters, such as ory_at_',
      example: 'ory_at_',
    },
  )
  readonly prefix?: string;

  @LengthRange('shortest and longest token, in characters; any other is never sent', { example: [32, 256] })
  readonly length?: readonly [number, number];

  @FlagField(
    'send every opaque token of a caller that has no other opaque issuer there, without a `length`: also those that are of somebody else',
    { default: false },
  )
  readonly byCaller!: boolean;

  @Rule('prefix', 'length', 'byCaller')
  refuseUseless(place: Place): void {
    const { prefix, length, byCaller } = this;
    if (prefix !== undefined && length && length[1] < prefix.length)
      place.at('length').refuse(describe(length), 'room for the prefix');
    if (prefix !== undefined && byCaller)
      place.at('byCaller').refuse('prefix as well', 'one of them: the prefix says whose a token is');
  }
}

/** How long what an issuer said is remembered, in the memory of this process alone. */
export class OpaqueCacheSection {
  @DurationField(
    'longest time for which a good token is not asked about again; never beyond its `exp`, and without one at most 5s',
    {
      default: 10 * second,
      min: 0,
      max: 60 * second,
    },
  )
  readonly positive!: number;

  @DurationField('how long a token that is not active is not asked about again', {
    default: 2 * second,
    min: 0,
    max: 5 * second,
  })
  readonly negative!: number;
}

/** What the calls to an issuer may cost. */
export class OpaqueLimitsSection {
  @IntegerField('most calls at a time; further ones are answered 503 at once', { default: 64, min: 1, max: 1_024 })
  readonly inFlight!: number;

  @DurationField('the whole time for one answer, from finding the address to its last byte', {
    default: 2 * second,
    min: 100,
    max: 10 * second,
  })
  readonly timeout!: number;
}

/** Tokens that only their issuer can read: how to tell them, and how to ask it (RFC 7662). */
export class OpaqueSection {
  @TextField('introspection endpoint; auto: as the metadata of the issuer names it', {
    default: 'auto',
    example: 'https://login.corp.example/introspect',
  })
  readonly endpoint!: string;

  @Section('who we are there', () => OpaqueCredentialsSection, { required: true })
  readonly credentials!: OpaqueCredentialsSection;

  @Section('which tokens are its own; left out: those of requests with `issuer_hint`', () => OpaqueMatchSection, {
    default: {},
  })
  readonly match!: OpaqueMatchSection;

  @Section('how long answers are remembered', () => OpaqueCacheSection, { default: {} })
  readonly cache!: OpaqueCacheSection;

  @Section('what calls may cost', () => OpaqueLimitsSection, { default: {} })
  readonly limits!: OpaqueLimitsSection;

  @OneOfField('how its JWTs are judged: local = here, by its keys. A JWT is never sent anywhere', {
    words: ['local'],
    default: 'local',
    others: 'JWTs are judged by the keys of their issuer and never sent to it: introspect is not offered',
  })
  readonly jwt!: 'local';
}

/** Two whole numbers: the least and the most. */
function LengthRange(description: string, options: FieldOptions): PropertyDecorator {
  const number = { type: 'integer', minimum: 1, maximum: LONGEST_OPAQUE_TOKEN };
  return declareField({
    ...options,
    description,
    type: 'list of two whole numbers',
    schema: { type: 'array', items: number, minItems: 2, maxItems: 2 },
    read(raw, place) {
      if (isRange(raw)) return Object.freeze([...raw]);
      place.refuse(describe(raw), `two whole numbers from 1 to ${LONGEST_OPAQUE_TOKEN}, the smaller one first`);
      return unreadable;
    },
  });
}

function isRange(raw: unknown): raw is readonly [number, number] {
  if (!Array.isArray(raw) || raw.length !== 2 || !raw.every(Number.isInteger)) return false;
  const [least, most] = raw as [number, number];
  return least >= 1 && least <= most && most <= LONGEST_OPAQUE_TOKEN;
}
