import type { Reading } from '../shared/configuration/field.js';
import { closest } from '../shared/configuration/closest.js';
import { reportRepeated } from '../shared/configuration/report-repeated.js';

/** A text somewhere in the file. */
interface Mention {
  readonly text: string;
  readonly path: string;
}

/**
 * Checks what one section says of another. Works on the file as it is written, so that these problems are reported beside
 * those within the sections.
 */
export function checkCrossReferences(raw: unknown, { report, warn }: Reading): void {
  const issuers = sectionsOf(raw, 'issuers');
  const callers = sectionsOf(raw, 'callers');
  const issuerIds = mentions(issuers, 'issuers', 'id');
  reportDuplicates(issuerIds, 'an id that no other issuer has', report);
  reportDuplicates(mentions(callers, 'callers', 'id'), 'an id that no other caller has', report);
  const identifiers = mentions(issuers, 'issuers', 'issuer');
  reportDuplicates(identifiers, 'one entry for each issuer', report);
  warnOfNearDuplicates(identifiers, warn);
  // Where an id is missing nobody can say who is a stranger.
  const isEveryIdKnown = issuerIds.length === issuers.length && Array.isArray(asMapping(raw)['issuers']);
  if (isEveryIdKnown) reportUnknown(issuerReferences(callers), issuerIds, report);
}

function reportDuplicates(all: readonly Mention[], expected: string, report: Reading['report']): void {
  const texts = all.map(({ text }) => text);
  reportRepeated(texts, (i) => all[i]?.path ?? '', expected, report);
}

/** `https://x` and `https://x/` are two issuers (RFC 7519 §4.1.1), but hardly ever two were meant. */
function warnOfNearDuplicates(identifiers: readonly Mention[], warn: Reading['warn']): void {
  const paths = new Map(identifiers.map(({ text, path }) => [text, path]));
  for (const { text, path } of identifiers) {
    const other = paths.get(`${text}/`);
    if (other === undefined) continue;
    warn({
      path,
      found: `the same as ${other} but for the slash at its end`,
      expected: 'one of them: tokens match exactly',
    });
  }
}

function reportUnknown(references: readonly Mention[], known: readonly Mention[], report: Reading['report']): void {
  const ids = known.map(({ text }) => text);
  for (const { text, path } of references.filter((each) => !ids.includes(each.text))) {
    const near = closest(text, ids);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    report({ path, found: JSON.stringify(text.slice(0, 80)), expected: `the id of a registered issuer${hint}` });
  }
}

function issuerReferences(callers: readonly Mapping[]): readonly Mention[] {
  return callers.flatMap((caller, i) => {
    const granted = caller['issuers'];
    const list = Array.isArray(granted) ? (granted as readonly unknown[]) : [];
    return [
      // The word any in a list is told where the list is read.
      ...list.flatMap((text, j) => (text === 'any' ? [] : mention(text, `callers[${i}].issuers[${j}]`))),
      ...textAt(mappingAt(caller, 'token'), 'issuer', `callers[${i}].token`),
    ];
  });
}

function mentions(sections: readonly Mapping[], list: string, key: string): readonly Mention[] {
  return sections.flatMap((section, i) => textAt(section, key, `${list}[${i}]`));
}

function textAt(section: Mapping, key: string, path: string): readonly Mention[] {
  return mention(section[key], `${path}.${key}`);
}

function mention(text: unknown, path: string): readonly Mention[] {
  return typeof text === 'string' ? [{ text, path }] : [];
}

type Mapping = Readonly<Record<string, unknown>>;

/** What is not a mapping counts as an empty one: it is reported elsewhere, and keeps the indices right. */
function sectionsOf(raw: unknown, list: string): readonly Mapping[] {
  const members = asMapping(raw)[list];
  return Array.isArray(members) ? members.map(asMapping) : [];
}

function mappingAt(section: Mapping, key: string): Mapping {
  return asMapping(section[key]);
}

function asMapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
