/** Finds what an auditor would ask about an issuer: its keys, its tokens, and what its registration allows. */
import type { Finding, IssuerFacts, JudgedBy } from './findings.js';
import { unused } from './unused.js';
import { partName, plainParts } from './use-parts.js';

/** NIST SP 800-57 part 1 revision 5, table 4: less than 128 bits sign nothing any more from 2031 on. */
const END_OF_112_BITS_MS = Date.UTC(2031, 0, 1);
const STRENGTH_FROM_2031 = 128;

/** What may live so many times longer than what does says nothing about it. */
export const LOOSE_FACTOR = 4;

/** Bits of security that are asked for now: those of the configuration, and at least what NIST asks for. */
export function leastStrength({ terms, nowMs }: JudgedBy): number {
  return nowMs < END_OF_112_BITS_MS ? terms.keyStrength : Math.max(terms.keyStrength, STRENGTH_FROM_2031);
}

/** Everything that is worth a question about one issuer, and what may become so. */
export function* findingsOfIssuer(facts: IssuerFacts, by: JudgedBy): Iterable<Finding> {
  yield* ofKeySet(facts, by);
  const { id: issuer, record, vouchesForCallers } = facts;
  const { longest } = record;
  if (longest && longest.seconds * 1_000 > by.terms.longestLifetime) {
    yield { kind: 'long_lived_tokens', issuer, isDecided: true, lifetimeSeconds: longest.seconds };
  }
  if (vouchesForCallers) return;
  const use = unused(record, by);
  if (use) yield { kind: 'issuer_unused', issuer, ...use };
  // Of an issuer that is not used, nothing is.
  if (use?.isDecided === true) return;
  yield* unusedParts(facts, by);
  yield* looseLifetime(facts, by);
}

/** What its key set says by itself. */
function* ofKeySet({ id: issuer, ...facts }: IssuerFacts, by: JudgedBy): Iterable<Finding> {
  yield* rotation({ id: issuer, ...facts }, by);
  for (const { thumbprint, strength } of facts.published) {
    if (!strength || strength.bits >= leastStrength(by)) continue;
    yield { kind: 'key_strength_low', issuer, thumbprint, strength, isDecided: true };
  }
  for (const { thumbprint, atMs } of facts.endlessDenials) {
    yield {
      kind: 'decision_endless',
      issuer,
      thumbprint,
      isDecided: true,
      ...(atMs !== undefined && { decidedMs: atMs }),
    };
  }
  const { largestSet: keyCount } = facts;
  if (keyCount > by.terms.mostKeys) yield { kind: 'key_set_broad', issuer, keyCount, isDecided: true };
}

/** The newest key says when an issuer last rotated, at the latest. Those that were there from the beginning may be older than the watch. */
function* rotation({ id: issuer, record }: IssuerFacts, { terms, nowMs }: JudgedBy): Iterable<Finding> {
  const firstSeen = plainParts(record.parts).map(([, { sinceMs }]) => sinceMs);
  if (firstSeen.length === 0) return;
  const newestMs = Math.max(...firstSeen);
  const watched = { sinceMs: newestMs };
  const isDecided = nowMs - newestMs >= terms.rotateWithin;
  const hasRotated = Math.min(...firstSeen) < newestMs;
  if (isDecided || !hasRotated) yield { kind: 'rotation_overdue', issuer, isDecided, watched };
}

function* unusedParts({ id: issuer, record: { parts }, ...facts }: IssuerFacts, by: JudgedBy): Iterable<Finding> {
  for (const { thumbprint } of facts.published) {
    const key = parts.get(thumbprint);
    const found = key && unused(key, by);
    if (found) yield { kind: 'key_unused', issuer, thumbprint, ...found };
  }
  for (const algorithm of facts.algorithms) {
    const allowed = parts.get(partName('algorithm', algorithm));
    const found = allowed && unused(allowed, by);
    if (found) yield { kind: 'algorithm_unused', issuer, algorithm, ...found };
  }
}

/** Only after it was watched for as long as anything has to be unused: a rare token may live longer. */
function* looseLifetime({ id: issuer, record, maxLifetimeSeconds }: IssuerFacts, by: JudgedBy): Iterable<Finding> {
  const { longest, sinceMs } = record;
  if (!longest || by.nowMs - sinceMs < by.terms.unusedAfter) return;
  if (maxLifetimeSeconds < LOOSE_FACTOR * longest.seconds) return;
  const lifetimes = { lifetimeSeconds: longest.seconds, allowedSeconds: maxLifetimeSeconds };
  yield { kind: 'lifetime_loose', issuer, isDecided: true, ...lifetimes };
}
