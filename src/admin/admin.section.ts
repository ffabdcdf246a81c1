import { SecretDigests } from '../callers/methods/secret/secret-digest.js';
import { callersSection } from '../callers/registration/callers.section.js';
import { issuersSection } from '../issuers/issuers.section.js';
import { ListOf, Section } from '../shared/configuration/composite-fields.js';
import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import type { Place } from '../shared/configuration/place.js';
import { FlagField, OneOfField, SecretField, TextField } from '../shared/configuration/scalar-fields.js';
import { optionalSection } from '../shared/configuration/section-form.js';
import { isWeak, strongSecret } from '../shared/secret-strength.js';
import type { AdminRight } from './admin-rights.js';
import type { AdminToken } from './admin-tokens.js';
import { IssuedTokenSection, refuseUntrustedIssuers, warnOfSharedAudiences } from './issued-token.config.js';
import { prepareRegions, RegionSection } from './regions/region.config.js';
import type { AdminRegionTerms } from './regions/region-terms.js';

/** Who may use the admin API, as what. */
export class AdminTokenSection {
  @TextField('name for the audit trail', { required: true, example: 'ops' })
  readonly id!: string;

  @SecretField('sent as `Authorization: Bearer`; or `token`', { example: '${file:/run/secrets/admin}' })
  readonly secret?: string;

  @Section('tokens of a registered issuer that are sent instead of a secret', () => IssuedTokenSection)
  readonly token?: IssuedTokenSection;

  @OneOfField('viewer reads, operator changes', { required: true, words: ['viewer', 'operator'] })
  readonly role!: 'viewer' | 'operator';
}

/** The admin API and the console on the management listener. */
export class AdminSection {
  @ListOf('who may use it', () => AdminTokenSection, { default: [] })
  readonly tokens!: readonly AdminTokenSection[];

  @FlagField('`/console/` on the management listener shows the admin API as pages; `false`: it is 404', {
    default: true,
  })
  readonly console!: boolean;

  @ListOf(
    'the other regions of this installation that have a Redis of their own: shown together, and reached by one action',
    () => RegionSection,
    { default: [] },
  )
  readonly regions!: readonly RegionSection[];
}

/** The section, made ready. */
export interface PreparedAdmin {
  /** Absent where there is no section. */
  readonly tokens: readonly AdminToken[] | undefined;
  /** Which tokens of registered issuers are admin tokens. */
  readonly rights: readonly AdminRight[];
  readonly hasConsole: boolean;
  /** The other regions; with our own, where the file names it as well. */
  readonly regions: readonly AdminRegionTerms[];
}

/** `admin`: who may use the admin API. */
export const adminSection: ConfigurationSection<'admin', AdminSection | undefined, PreparedAdmin> = {
  key: 'admin',
  form: optionalSection(
    'who may use the admin API; absent: it answers on loopback only, and changes nothing',
    () => AdminSection,
  ),
  checkWritten: (file) => {
    refuseUntrustedIssuers(file.at('admin').at('tokens').members, file);
  },
  prepare: (section, { place, sectionOf }) => {
    if (!section) return { tokens: undefined, rights: [], hasConsole: true, regions: [] };
    const callerSecrets = sectionOf(callersSection).flatMap(({ secrets = [] }) => secrets.map(({ value }) => value));
    warnOfSharedAudiences(section.tokens, sectionOf(issuersSection), place.at('tokens'));
    return {
      tokens: prepareAdmin(section, place, new Set(callerSecrets)),
      rights: rightsOf(section),
      hasConsole: section.console,
      regions: prepareRegions(section.regions, place.at('regions'), isBearerToken),
    };
  },
  needsRestart: () => [],
};

/** What can deny the keys of every issuer must not be guessed. */
const SHORTEST_TOKEN = 22;
const LONGEST_TOKEN = 1_024;

/** With its scheme it is less than an `Authorization` field may have. */
const LONGEST_BEARER = 8_000;

/** RFC 6750 §2.1. */
const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

const expected = `${SHORTEST_TOKEN} to ${LONGEST_TOKEN} characters that a bearer token can have, as of openssl rand -hex 32`;

const advice = `${strongSecret}: by wrong guesses, which are limited, anybody can lock its holder out`;

/**
 * Checks the section and makes it ready for {@link AdminTokens.replace}.
 * @param callerSecrets secrets of callers: one secret must not make its holder both a caller and an operator
 * @param place of the section; where something was refused below it, the result must not be used
 */
export function prepareAdmin(
  { tokens }: Pick<AdminSection, 'tokens'>,
  place: Place,
  callerSecrets: ReadonlySet<string>,
): readonly AdminToken[] {
  if (tokens.length === 0) place.at('tokens').refuse('no token', 'at least one token, or no admin section');
  const ids = tokens.map(({ id }) => id);
  const secrets = tokens.map(({ secret }) => secret);
  tokens.forEach(({ id, secret, token }, i) => {
    const at = place.at('tokens').at(i);
    if (ids.indexOf(id) < i) at.at('id').refuse('an id twice', 'an id of its own');
    if (secret !== undefined && token) at.refuse('secret and token', oneOfThem);
    if (secret === undefined && !token) at.refuse('neither secret nor token', oneOfThem);
    if (secret === undefined) return;
    if (secrets.indexOf(secret) < i || callerSecrets.has(secret)) {
      at.at('secret').refuse('a secret that somebody else has too', 'a secret of its own');
    }
    if (!isToken(secret)) at.at('secret').refuse(`a secret of ${secret.length} characters`, expected);
    else if (isWeak(secret)) at.at('secret').warn(`a weak secret of ${secret.length} characters`, advice);
  });
  return tokens.flatMap(({ id, role, secret }) =>
    secret === undefined ? [] : [{ admin: { id, role }, secret: new SecretDigests([{ value: secret }]) }],
  );
}

const oneOfThem = 'exactly one of secret, token';

/** Which tokens of registered issuers are admin tokens. */
function rightsOf({ tokens }: Pick<AdminSection, 'tokens'>): readonly AdminRight[] {
  return tokens.flatMap(({ id, role, token }) => {
    if (!token) return [];
    const { issuer, audience, rules } = token;
    return [{ admin: { id, role }, issuer, audience, rules }];
  });
}

function isToken(secret: string): boolean {
  return secret.length <= LONGEST_TOKEN && isBearerToken(secret);
}

/** Whether a text can be an admin token of another region. It may be a token of an issuer there, and those are longer than secrets. */
function isBearerToken(text: string): boolean {
  return text.length >= SHORTEST_TOKEN && text.length <= LONGEST_BEARER && b64token.test(text);
}
