import { closest } from '../shared/configuration/closest.js';
import { refuseRepeated } from '../shared/configuration/repeated.js';
import type { Written } from '../shared/configuration/written.js';

/**
 * Checks what one section says of another. Works on the file as it is written, so that these problems are reported beside
 * those within the sections.
 */
export function checkCrossReferences(file: Written): void {
  const issuers = file.at('issuers').members;
  const callers = file.at('callers').members;
  const issuerIds = issuers.map((issuer) => issuer.at('id'));
  refuseRepeated(issuerIds, 'an id that no other issuer has');
  refuseRepeated(
    callers.map((caller) => caller.at('id')),
    'an id that no other caller has',
  );
  const identifiers = issuers.map((issuer) => issuer.at('issuer'));
  refuseRepeated(identifiers, 'one entry for each issuer');
  warnOfNearDuplicates(identifiers);
  // Where an id is missing nobody can say which reference leads nowhere.
  const areIdsKnown = file.at('issuers').isList && issuerIds.every(({ text }) => text !== undefined);
  if (areIdsKnown) refuseUnknown(callers.flatMap(issuersNamedBy), issuerIds);
  refuseCertificatesWithoutAuthorities(file.at('server').at('tls').at('clientCaFile'), callers);
}

/** Without authorities no certificate is asked for, and the caller would be refused for ever without a word. */
function refuseCertificatesWithoutAuthorities(authorities: Written, callers: readonly Written[]): void {
  if (authorities.isThere) return;
  const expected = 'server.tls.clientCaFile, the authorities whose client certificates are accepted';
  for (const caller of callers) {
    const certificate = caller.at('certificate');
    if (certificate.isThere) certificate.place.refuse('no server.tls.clientCaFile', expected);
  }
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

function refuseUnknown(references: readonly Written[], known: readonly Written[]): void {
  const ids = new Set(known.flatMap(({ text }) => text ?? []));
  for (const { text, place } of references) {
    if (text === undefined || ids.has(text)) continue;
    const near = closest(text, ids);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    place.refuse(JSON.stringify(text.slice(0, 80)), `the id of a registered issuer${hint}`);
  }
}

function issuersNamedBy(caller: Written): readonly Written[] {
  // The word any in a list is refused where the list is read.
  const granted = caller.at('issuers').members.filter(({ text }) => text !== 'any');
  return [...granted, caller.at('token').at('issuer')];
}
