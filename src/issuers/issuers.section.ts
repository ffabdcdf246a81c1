import type { ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { refuseRepeated, type Written } from '../shared/configuration/written.js';
import { requiredList } from '../shared/configuration/section-form.js';
import type { Issuer } from './issuer.js';
import { IssuerSection } from './issuers.config.js';
import { prepareIssuers } from './prepare-issuers.js';
import { closest } from '../shared/configuration/closest.js';

/** `issuers`: the issuers whose tokens are accepted. */
export const issuersSection: ConfigurationSection<'issuers', readonly IssuerSection[], readonly Issuer[]> = {
  key: 'issuers',
  form: requiredList('the issuers whose tokens are accepted', () => IssuerSection, { keyedBy: 'id' }),
  parts: { kind: 'issuer', of: (issuers) => issuers },
  checkWritten: (file) => {
    const issuers = file.at('issuers').members;
    refuseRepeated(
      issuers.map((issuer) => issuer.at('id')),
      'an id that no other issuer has',
    );
    const identifiers = issuers.map((issuer) => issuer.at('issuer'));
    refuseCrowds(identifiers);
    warnOfNearDuplicates(identifiers);
  },
  prepare: prepareIssuers,
  needsRestart: () => [],
};

/**
 * The signature of a token may be tried with the keys of all issuers of its name, so that their number is part of what a token that
 * somebody has made up costs.
 */
const MOST_OF_ONE_NAME = 32;

function refuseCrowds(identifiers: readonly Written[]): void {
  for (const [name, namesakes] of Map.groupBy(identifiers, ({ text }) => text)) {
    const beyond = name === undefined ? undefined : namesakes[MOST_OF_ONE_NAME];
    beyond?.place.refuse(`the same as ${MOST_OF_ONE_NAME} others`, `at most ${MOST_OF_ONE_NAME} issuers of one name`);
  }
}

/** The ids of issuers that have one `iss`, as the file is written: a list for each such name. */
export function sharedNamesIn(file: Written): readonly (readonly string[])[] {
  const named = file.at('issuers').members.flatMap((issuer) => {
    const [id, name] = [issuer.at('id').text, issuer.at('issuer').text];
    return id === undefined || name === undefined ? [] : [{ id, name }];
  });
  const groups = [...Map.groupBy(named, ({ name }) => name).values()];
  return groups.filter((group) => group.length > 1).map((group) => group.map(({ id }) => id));
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
 * no id that can be read, it is not known which references lead nowhere.
 */
export function refuseUnknownIssuers(references: readonly Written[], file: Written): void {
  const known = issuerIdsIn(file);
  if (!known) return;
  for (const { text, place } of references) {
    if (text === undefined || known.has(text)) continue;
    const near = closest(text, known);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    place.refuse(JSON.stringify(text.slice(0, 80)), `the id of a registered issuer${hint}`);
  }
}

function issuerIdsIn(file: Written): ReadonlySet<string> | undefined {
  const issuers = file.at('issuers');
  const ids = issuers.members.map((issuer) => issuer.at('id').text);
  return issuers.isList && ids.every((id) => id !== undefined) ? new Set(ids) : undefined;
}
