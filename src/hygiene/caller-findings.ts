/** Finds what an auditor would ask about a caller: its secrets, whether it asks, and which of its rights it uses. */
import type { CallerFacts, Finding, FindingKind, JudgedBy } from './findings.js';
import { unused } from './unused.js';
import { foreignAudience, partName, plainParts } from './use-parts.js';

/** Everything that is worth a question about one caller, and what may become so. */
export function* findingsOfCaller(facts: CallerFacts, by: JudgedBy): Iterable<Finding> {
  const { id: caller, record } = facts;
  yield* ofSecrets(facts, by);
  const use = unused(record, by);
  if (use) yield { kind: 'caller_unused', caller, ...use };
  // Of a caller that does not ask, no right is used.
  if (use?.isDecided === true) return;
  yield* foreign(facts, by);
  yield* unusedRights(facts, by);
}

function* ofSecrets(
  { id: caller, secretEnds, sharesSecretWith: others }: CallerFacts,
  by: JudgedBy,
): Iterable<Finding> {
  const { terms, nowMs } = by;
  for (const endsMs of secretEnds) {
    if (endsMs - nowMs > terms.warnBefore) continue;
    const hasOther = secretEnds.some((other) => other - nowMs > terms.warnBefore);
    yield { kind: 'secret_ending', caller, isDecided: true, endsMs, hasOther };
  }
  if (others.length > 0) yield { kind: 'secret_shared', caller, others, isDecided: true };
}

/** As long as it did so lately. */
function* foreign({ id: caller, record }: CallerFacts, { terms, nowMs }: JudgedBy): Iterable<Finding> {
  const watched = record.parts.get(foreignAudience);
  if (watched?.lastMs === undefined || nowMs - watched.lastMs >= terms.unusedAfter) return;
  yield { kind: 'foreign_audience', caller, isDecided: true, watched };
}

function* unusedRights({ id: caller, record: { parts }, ...granted }: CallerFacts, by: JudgedBy): Iterable<Finding> {
  for (const [issuer, right] of plainParts(parts)) {
    const found = unused(right, by);
    if (found) yield { kind: 'right_unused', caller, issuer, ...found };
  }
  const named = (kind: FindingKind, what: 'audience' | 'claim', names: readonly string[]): readonly Finding[] =>
    names.flatMap((name) => {
      const right = parts.get(partName(what, name));
      const found = right && unused(right, by);
      return found ? [{ kind, caller, [what]: name, ...found }] : [];
    });
  yield* named('audience_unused', 'audience', granted.audiences);
  yield* named('claim_unused', 'claim', granted.claims);
}
