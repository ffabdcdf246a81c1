/** What the configuration can say of an issuer. */
import type { ClaimName } from '../claims/claim-name.js';
import { usualNames } from '../claims/claim-names.js';
import type { ClaimRule } from '../claims/claim-rule.js';
import { MAX_CLOCK_TOLERANCE_SECONDS } from '../claims/clock-tolerance.js';
import { ListOf, literally, Section, TextList } from '../shared/configuration/composite-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { day, second } from '../shared/configuration/quantities.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule } from '../shared/configuration/field.js';
import { DurationField, FlagField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { algorithmNames, type Algorithm } from '../tokens/algorithms.js';
import { isThumbprint } from '../tokens/key-material.js';
import { ClaimField, ClaimList } from './claim-name.config.js';
import { presetNames, type PresetName } from './presets/preset.js';
import { ClaimRuleSection } from './claim-rule.config.js';
import { isSvidAlgorithm } from './jwt-svid.js';
import { SpiffeSection } from './spiffe.config.js';
import { IssuerTemplateSection } from './issuer-template.config.js';
import { refuseUnfitTemplate, sampleIdentifier } from './template-rules.js';
import { refuseUnsafeMissingIss } from './missing-iss.js';
import { FreshnessSection } from './freshness.config.js';
import { areFoundByIdentifier, IssuerKeysSection } from './issuer-keys.config.js';
import { IssuerRevocationSection } from './issuer-revocation.config.js';
import { IssuerNetworkSection } from './issuer-network.config.js';
import { refuseUnfitForOpaque } from './opaque-rules.js';
import { OpaqueSection } from './opaque.config.js';
import { identifierDefect, nameDefect, orLoopback, soundIdentifier, soundName } from '../shared/key-url.js';

/** One issuer whose tokens are accepted, and on which terms. Durations in milliseconds. */
export class IssuerSection {
  @TextField('short and stable name for metrics, logs and the admin API', {
    required: true,
    example: 'corp',
    pattern: /^[a-z0-9][a-z0-9._-]{0,62}$/,
    expected: 'up to 63 lower-case letters, digits, dots, dashes and underscores, such as corp',
  })
  readonly id!: string;

  @OneOfField('whose tokens they are: fills in what is known of them ([docs/providers](providers/README.md))', {
    words: presetNames,
  })
  readonly preset?: PresetName;

  @TextField(
    'issuer identifier, compared byte for byte with `iss`; with `template`, it has the place `{tenant}`; required but for `spiffe`, ' +
      'whose tokens may also have none',
    { example: 'https://login.corp.example' },
  )
  readonly issuer?: string;

  @Section('a SPIFFE trust domain, and where its keys come from', () => SpiffeSection)
  readonly spiffe?: SpiffeSection;

  @Section('one registration for many tenants of a provider', () => IssuerTemplateSection)
  readonly template?: IssuerTemplateSection;

  @Section('where the public keys come from; exactly one place', () => IssuerKeysSection, {
    default: { discovery: 'auto' },
  })
  readonly keys!: IssuerKeysSection;

  @TextList('signature algorithms; asymmetric ones only', {
    required: true,
    filledInBy: 'preset',
    min: 1,
    words: algorithmNames,
    refusal: refuseAlgorithm,
    example: ['RS256', 'ES256'],
  })
  readonly algorithms!: readonly Algorithm[];

  @TextList('what `aud` must name, at least one of these; the word any, written out, accepts every audience', {
    required: true,
    filledInBy: 'preset',
    any: true,
    min: 1,
    example: ['https://api.corp.example'],
  })
  readonly audiences!: readonly string[] | 'any';

  @TextList('accepted `typ` values, without regard to case; none = no `typ` header', {
    default: ['at+jwt', 'JWT', 'none'],
    min: 1,
  })
  readonly tokenTypes!: readonly string[];

  @FlagField('check a token whose `kid` no key has against the keys that are published without a name, at most 4', {
    default: false,
  })
  readonly allowKidless!: boolean;

  @FlagField(
    'take tokens without `iss` for those of this issuer; at most one registration may, and it needs keys and an identifier of its own',
    { default: false },
  )
  readonly allowMissingIss!: boolean;

  @DurationField('leeway for clocks that differ', {
    default: 30 * second,
    min: 0,
    max: MAX_CLOCK_TOLERANCE_SECONDS * second,
  })
  readonly clockTolerance!: number;

  @DurationField('longest `exp - iat`, or `exp` - now where `iat` is absent', {
    default: day,
    min: second,
    max: 366 * day,
  })
  readonly maxLifetime!: number;

  @ClaimList('claims that must be present', { default: [], example: ['sub'] })
  readonly requiredClaims!: readonly ClaimName[];

  @ListOf('rules about claims; all must hold', () => ClaimRuleSection, { default: [] })
  readonly rules!: readonly ClaimRule[];

  @FlagField('refuse tokens without `exp`; false judges them by their age, which needs `iat`', { default: true })
  readonly requireExpiry!: boolean;

  @FlagField('accept ID tokens as if they were access tokens', { default: false })
  readonly allowIdTokens!: boolean;

  @OneOfField('demand the whole JWT access token profile (RFC 9068)', { words: ['rfc9068'] })
  readonly profile?: 'rfc9068';

  @ClaimList(
    'claims that name the client, such as `cid` of Okta and `appid` of Entra v1; the first that says something',
    {
      default: usualNames.clientIdClaims,
      min: 1,
    },
  )
  readonly clientIdClaims!: readonly ClaimName[];

  @ClaimList(
    'claims that say together what the token permits: a list of texts, a text with spaces, or an object, whose members are named so; left out: `scope`, or else `scp`',
    { min: 1, example: ['scp', 'roles'] },
  )
  readonly scopeClaims?: readonly ClaimName[];

  @ClaimField('claim that tells tokens apart, such as `uti` of Entra', { default: usualNames.tokenIdClaim })
  readonly tokenIdClaim!: ClaimName;

  @ClaimField('claim that tells sessions apart, such as `origin_jti` of Cognito', { default: usualNames.sessionClaim })
  readonly sessionClaim!: ClaimName;

  @ClaimField('claim that tells subjects apart, such as `oid` of Entra; `sub` of answers stays `sub`', {
    default: usualNames.subjectClaim,
  })
  readonly subjectClaim!: ClaimName;

  @ClaimField('claim that becomes `username` in answers', { example: 'preferred_username' })
  readonly usernameClaim?: ClaimName;

  @TextField('`client_id` of answers when the token names none', { example: 'corp-default' })
  readonly defaultClientId?: string;

  @Section('how fresh keys are kept', () => FreshnessSection, { default: {} })
  readonly freshness!: FreshnessSection;

  @Section('how the key source may be reached', () => IssuerNetworkSection, { default: {} })
  readonly network!: IssuerNetworkSection;

  @TextList('thumbprints (RFC 7638) of keys that are refused although the issuer publishes them', {
    default: [],
    example: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
  })
  readonly deniedKeys!: readonly string[];

  @Section('how much of it may be revoked', () => IssuerRevocationSection, { default: {} })
  readonly revocation!: IssuerRevocationSection;

  @Section('tokens that this issuer is asked about: how they are told, and how it is asked', () => OpaqueSection)
  readonly opaque?: OpaqueSection;

  @OneOfField('critical: readiness waits for its first keys', { words: ['normal', 'critical'], default: 'normal' })
  readonly criticality!: 'normal' | 'critical';

  @Rule('issuer')
  warnOfPattern(place: Place): void {
    if (this.issuer?.includes('*')) place.at('issuer').warn(describe(this.issuer), literally);
  }

  /**
   * An identifier that metadata is fetched under must be a URL that may be fetched. Any other is a name (RFC 7519 §4.1.1), also where
   * it is written as an `http` URL, as those of AD FS are; but one that is written as a URL has to be a sound one.
   */
  @Rule('issuer', 'keys', 'network', 'template', 'spiffe')
  refuseUnsoundIdentifier(place: Place): void {
    const identifier = sampleIdentifier(this);
    if (identifier === undefined) {
      if (!this.spiffe) place.at('issuer').refuse('nothing', 'a text: it is required');
    } else if (areFoundByIdentifier(this.keys) && !this.spiffe) {
      const found = identifierDefect(identifier, this.network);
      if (found !== undefined) place.at('issuer').refuse(found, `${soundIdentifier}, ${orLoopback}`);
    } else if (/^https?:/i.test(identifier)) {
      const found = nameDefect(identifier);
      if (found !== undefined) place.at('issuer').refuse(found, soundName);
    }
  }

  @Rule('issuer', 'keys', 'template')
  refuseUnfitTemplate(place: Place): void {
    refuseUnfitTemplate(this, place);
  }

  @Rule('spiffe', 'algorithms', 'requireExpiry')
  refuseUnfitForSvids(place: Place): void {
    if (!this.spiffe) return;
    const odd = this.algorithms.find((name) => !isSvidAlgorithm(name));
    if (odd !== undefined) place.at('algorithms').refuse(odd, 'RS, PS and ES algorithms: JWT-SVIDs have no others');
    if (!this.requireExpiry) place.at('requireExpiry').refuse('false', 'true: a JWT-SVID must have exp');
  }

  @Rule('allowMissingIss', 'audiences', 'template', 'spiffe', 'profile')
  refuseUnsafeMissingIss(place: Place): void {
    refuseUnsafeMissingIss(this, place);
  }

  @Rule('opaque', 'issuer', 'keys', 'network', 'allowMissingIss', 'template', 'spiffe', 'profile')
  refuseUnfitForOpaque(place: Place): void {
    refuseUnfitForOpaque(this, place);
  }

  @Rule('deniedKeys')
  refuseOtherThanThumbprints(place: Place): void {
    for (const [i, text] of this.deniedKeys.entries()) {
      if (isThumbprint(text)) continue;
      const expected = 'an RFC 7638 SHA-256 thumbprint, 43 characters of base64url';
      place
        .at('deniedKeys')
        .at(i)
        .refuse(JSON.stringify(text.slice(0, 80)), expected);
    }
  }
}

function refuseAlgorithm(name: string): string | undefined {
  const isSymmetric = /^(hs\d*|none)$/i.test(name);
  return isSymmetric
    ? `an asymmetric algorithm (${algorithmNames.join(', ')}): there is no switch for this one`
    : undefined;
}
