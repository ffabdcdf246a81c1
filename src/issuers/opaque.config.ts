import { Section } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { declareField, Rule, unreadable, type FieldOptions, type FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { minute, second } from '../shared/configuration/quantities.js';
import {
  DurationField,
  FileField,
  FlagField,
  IntegerField,
  OneOfField,
  SecretField,
  TextField,
} from '../shared/configuration/scalar-fields.js';
import { TokenReviewSection } from './token-review.config.js';

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

/** By what an issuer knows that it is us. */
export class OpaqueProofSection {
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

/** Who we are to an issuer whose tokens we ask about. Sent to that issuer alone. */
export class OpaqueCredentialsSection extends OpaqueProofSection {
  @TextField('our client id there', { required: true, example: 'assay' })
  readonly clientId!: string;

  @Section(
    'the proof that comes next, for a change without a gap: used where the issuer refuses the present one',
    () => OpaqueProofSection,
  )
  readonly next?: OpaqueProofSection;
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

/** Tokens that their issuer is asked about: how to tell them, and how to ask it (RFC 7662, or TokenReview of Kubernetes). */
export class OpaqueSection {
  @TextField('introspection endpoint; auto: as the metadata of the issuer names it', {
    default: 'auto',
    example: 'https://login.corp.example/introspect',
  })
  readonly endpoint!: string;

  @Section('who we are there; required but for `tokenReview`', () => OpaqueCredentialsSection)
  readonly credentials?: OpaqueCredentialsSection;

  @OneOfField('require: only answers that the issuer has signed are believed (RFC 9701); left out: plain JSON', {
    words: ['require'],
  })
  readonly signed?: 'require';

  @Section('ask the API server of Kubernetes instead of an introspection endpoint', () => TokenReviewSection)
  readonly tokenReview?: TokenReviewSection;

  @Section('which tokens are its own; left out: those of requests with `issuer_hint`', () => OpaqueMatchSection, {
    default: {},
  })
  readonly match!: OpaqueMatchSection;

  @Section('how long answers are remembered', () => OpaqueCacheSection, { default: {} })
  readonly cache!: OpaqueCacheSection;

  @Section('what calls may cost', () => OpaqueLimitsSection, { default: {} })
  readonly limits!: OpaqueLimitsSection;

  @OneOfField(
    'how its JWTs are judged: local = here, by its keys, and never sent anywhere; introspect = each is sent to the issuer, which says whether it is good',
    { words: ['local', 'introspect'], default: 'local' },
  )
  readonly jwt!: 'local' | 'introspect';

  @DurationField(
    'beside `jwt: local`: the issuer is asked, too, whether a JWT that its keys have proven still holds, and asked again after this long; left out: never',
    { min: second, max: 10 * minute, example: '60s' },
  )
  readonly recheck?: number;

  @OneOfField(
    'what `recheck` comes to while the issuer cannot be asked: refuse = 503, accept = as if it were left out',
    {
      words: ['refuse', 'accept'],
      default: 'refuse',
    },
  )
  readonly onUnknown!: 'refuse' | 'accept';

  @Rule('jwt', 'recheck', 'onUnknown')
  refuseUnfitForJwts(place: Place): void {
    const { jwt, recheck, onUnknown } = this;
    if (jwt === 'introspect' && recheck !== undefined)
      place.at('recheck').refuse('jwt: introspect as well', 'one of them: the issuer is asked about each JWT already');
    if (onUnknown === 'accept' && recheck === undefined)
      place.at('onUnknown').refuse('accept without recheck', 'it only beside recheck: whatever else is asked is 503');
  }

  @Rule('endpoint', 'credentials', 'tokenReview', 'signed', 'match', 'jwt', 'recheck')
  refuseTwoWays(place: Place): void {
    const { endpoint, credentials, tokenReview, signed, match, jwt, recheck } = this;
    if (!tokenReview) {
      if (!credentials)
        place.at('credentials').refuse('nothing', 'clientId, and one of secret, assertion, certificate');
      return;
    }
    const others = { endpoint: endpoint !== 'auto', credentials, signed };
    for (const [name, value] of Object.entries(others))
      if (value) place.at(name).refuse('tokenReview as well', 'one of them: tokenReview says whom to ask, and as whom');
    if (match.prefix !== undefined || match.length || match.byCaller)
      place.at('match').refuse('tokenReview as well', 'one of them: tokens of service accounts are JWTs, found by iss');
    if (jwt === 'local' && recheck === undefined)
      place
        .at('tokenReview')
        .refuse('nothing that it is asked about', 'recheck, such as 60s, or jwt: introspect beside');
  }
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
