import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { refuseRepeated, refuseRepeatedElsewhere, type Written } from '../shared/configuration/written.js';
import { requiredList } from '../shared/configuration/section-form.js';
import type { Issuer } from './issuer.js';
import { IssuerSection } from './issuers.config.js';
import { refuseCrowds, refuseIndistinguishable, registeredOnce } from './one-name.js';
import { prepareIssuers } from './prepare-issuers.js';
import { refuseOverlappingPrefixes, refuseSharedNameOfAsked } from './opaque-rules.js';
import { refuseUngrantedIssuer } from './refuse-ungranted.js';
import { fillInPreset } from './presets/fill-in-preset.js';
import { closest } from '../shared/configuration/closest.js';

/** `issuers`: the issuers whose tokens are accepted. */
export const issuersSection: ConfigurationSection<'issuers', readonly IssuerSection[], readonly Issuer[]> = {
  key: 'issuers',
  form: requiredList('the issuers whose tokens are accepted', () => IssuerSection, { keyedBy: 'id' }),
  parts: { kind: 'issuer', of: (issuers) => issuers },
  fillIn: fillInPreset,
  checkWritten: (file) => {
    const issuers = file.at('issuers').members;
    refuseRepeated(
      issuers.map((issuer) => issuer.at('id')),
      'an id that no other issuer has',
    );
    const exact = issuers.filter((issuer) => !issuer.at('template').isThere);
    const identifiers = exact.map((issuer) => issuer.at('issuer'));
    // Who registers a second one next to an issuer could mint the tokens of its subjects: that is for its owner to decide.
    refuseRepeatedElsewhere(
      issuers.map((issuer) => issuer.at('issuer')),
      registeredOnce,
    );
    refuseCrowds(identifiers);
    refuseIndistinguishable(
      exact.map((issuer) => {
        const [name, keys] = [issuer.at('issuer'), issuer.at('keys')];
        return {
          text: name.text === undefined ? undefined : JSON.stringify([name.text, keys.json]),
          place: name.place,
        };
      }),
    );
    warnOfNearDuplicates(identifiers);
    for (const issuer of issuers) refuseBesideSpiffe(issuer);
    refuseOverlappingPrefixes(issuers);
    refuseSharedNameOfAsked(issuers);
    refuseRepeated(
      issuers.map((issuer) => issuer.at('spiffe').at('trustDomain')),
      'one entry for each trust domain',
    );
  },
  refuseUngranted: refuseUngrantedIssuer,
  prepare: prepareIssuers,
  needsRestart: () => [],
};

/** What a trust domain says itself, or the standard, is no setting beside it. */
function refuseBesideSpiffe(issuer: Written): void {
  if (!issuer.at('spiffe').isThere) return;
  for (const name of ['keys', 'template', 'tokenTypes']) {
    const beside = issuer.at(name);
    if (beside.isThere) beside.place.refuse(`${name} beside spiffe`, 'only one of them');
  }
  const removal = issuer.at('freshness').at('removal');
  const expected = 'immediate, or nothing: a key that a bundle does not have any more is revoked';
  if (removal.text === 'confirm') removal.place.refuse('confirm beside spiffe', expected);
}

/** `https://x` and `https://x/` are two issuers (RFC 7519 §4.1.1), but hardly ever two were meant. */
function warnOfNearDuplicates(identifiers: readonly Written[]): void {
  const places = new Map(identifiers.map(({ text, place }) => [text, place]));
  for (const { text, place } of identifiers) {
    const other = text === undefined ? undefined : places.get(`${text}/`);
    if (!other) continue;
    place.warn(`the same as ${other.path} but for the slash at its end`, 'one of them: tokens match exactly');
  }
}

/**
 * Refuses each text that should be the id of a registered issuer and is not, in any section of the file. Where an issuer has
 * no id that can be read, it is not known which references lead nowhere. Where other files are included it is a warning: what
 * they register may be gone tomorrow, and that must not keep everything else from changing.
 */
export function refuseUnknownIssuers(references: readonly Written[], file: Written): void {
  const known = issuerIdsIn(file);
  if (!known) return;
  for (const { text, place } of references) {
    if (text === undefined || known.has(text)) continue;
    const near = closest(text, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    const [found, expected] = [JSON.stringify(text.slice(0, 80)), `the id of a registered issuer${hint}`];
    if (file.at('include').isThere) place.warn(found, expected);
    else place.refuse(found, expected);
  }
}

/** The ids of issuers of many tenants. */
export function templatesIn(file: Written): readonly (string | undefined)[] {
  const templates = file.at('issuers').members.filter((issuer) => issuer.at('template').isThere);
  return templates.map((issuer) => issuer.at('id').text);
}

function issuerIdsIn(file: Written): ReadonlySet<string> | undefined {
  const issuers = file.at('issuers');
  const ids = issuers.members.map((issuer) => issuer.at('id').text);
  return issuers.isList && ids.every((id) => id !== undefined) ? new Set(ids) : undefined;
}
