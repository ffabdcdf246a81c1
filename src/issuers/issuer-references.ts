import { closest } from '../shared/configuration/closest.js';
import type { Written } from '../shared/configuration/written.js';

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
