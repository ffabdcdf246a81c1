import type { HygieneSection } from './hygiene.section.js';
import type { UseRecord, Watched } from './use-record.js';

/** The kinds of findings. A fixed set: it is a label of a metric. */
export const findingKinds = [
  'secret_ending', // a secret of a caller ends soon, or has ended and is still in the file
  'rotation_overdue', // an issuer has published no new key for too long
  'long_lived_tokens', // tokens of an issuer live too long
  'key_unused', // an issuer publishes a key that signs nothing
  'issuer_unused', // no good token of an issuer was seen
  'caller_unused', // a caller does not ask
  'right_unused', // a caller was granted an issuer of which it gets no token
] as const;

/** One of {@link findingKinds}. */
export type FindingKind = (typeof findingKinds)[number];

/** Something that an auditor would ask about. Names come from the configuration, thumbprints from published keys. */
export interface Finding {
  readonly kind: FindingKind;
  readonly issuer?: string;
  readonly caller?: string;
  readonly thumbprint?: string;
  /** `false`: it may become one, and was not watched long enough for anybody to know. */
  readonly isDecided: boolean;
  /** Since when it is watched, and when it was last used. Of `rotation_overdue`: when the newest key was first seen. */
  readonly watched?: Watched;
  /** When the secret ends; wall time, milliseconds since the epoch. */
  readonly endsMs?: number;
  /** Whether another secret of the same caller stays good. */
  readonly hasOther?: boolean;
  readonly lifetimeSeconds?: number;
}

/** An issuer and what is known of it. */
export interface IssuerFacts {
  readonly id: string;
  readonly record: UseRecord;
  /** Thumbprints of the keys that it publishes now. */
  readonly published: readonly string[];
  /** Callers authenticate with its tokens. Those are not counted, so nobody knows which of its keys are unused. */
  readonly vouchesForCallers: boolean;
}

/** A caller and what is known of it. */
export interface CallerFacts {
  readonly id: string;
  readonly record: UseRecord;
  /** When each of its secrets ends; `Infinity`: never. */
  readonly secretEnds: readonly number[];
}

/** What findings are found in. */
export interface HygieneFacts {
  readonly terms: HygieneSection;
  readonly issuers: readonly IssuerFacts[];
  readonly callers: readonly CallerFacts[];
  /** Wall time. */
  readonly nowMs: number;
}

/** Everything that is worth a question, and what may become so; in the order of {@link findingKinds}. */
export function findingsIn(facts: HygieneFacts): readonly Finding[] {
  const found = [
    ...facts.issuers.flatMap((issuer) => [...ofIssuer(issuer, facts)]),
    ...facts.callers.flatMap((caller) => [...ofCaller(caller, facts)]),
  ];
  return found.sort((one, other) => findingKinds.indexOf(one.kind) - findingKinds.indexOf(other.kind));
}

function* ofIssuer(facts: IssuerFacts, { terms, nowMs }: HygieneFacts): Iterable<Finding> {
  const { id: issuer, record, published, vouchesForCallers } = facts;
  yield* rotation(issuer, record, { terms, nowMs });
  const { longest } = record;
  if (longest && longest.seconds * 1_000 > terms.longestLifetime) {
    yield { kind: 'long_lived_tokens', issuer, isDecided: true, lifetimeSeconds: longest.seconds };
  }
  if (vouchesForCallers) return;
  const use = unused(record, terms, nowMs);
  if (use) yield { kind: 'issuer_unused', issuer, ...use };
  // Of an issuer that is not used, no key is.
  if (use?.isDecided === true) return;
  for (const thumbprint of published) {
    const key = record.parts.get(thumbprint);
    const found = key && unused(key, terms, nowMs);
    if (found) yield { kind: 'key_unused', issuer, thumbprint, ...found };
  }
}

/** The newest key says when an issuer last rotated, at the latest. Those that were there from the beginning may be older than the watch. */
function* rotation(
  issuer: string,
  { parts }: UseRecord,
  { terms, nowMs }: Pick<HygieneFacts, 'terms' | 'nowMs'>,
): Iterable<Finding> {
  const firstSeen = [...parts.values()].map(({ sinceMs }) => sinceMs);
  if (firstSeen.length === 0) return;
  const newestMs = Math.max(...firstSeen);
  const watched = { sinceMs: newestMs };
  const isDecided = nowMs - newestMs >= terms.rotateWithin;
  const hasRotated = Math.min(...firstSeen) < newestMs;
  if (isDecided || !hasRotated) yield { kind: 'rotation_overdue', issuer, isDecided, watched };
}

function* ofCaller({ id: caller, record, secretEnds }: CallerFacts, { terms, nowMs }: HygieneFacts): Iterable<Finding> {
  for (const endsMs of secretEnds) {
    if (endsMs - nowMs > terms.warnBefore) continue;
    const hasOther = secretEnds.some((other) => other - nowMs > terms.warnBefore);
    yield { kind: 'secret_ending', caller, isDecided: true, endsMs, hasOther };
  }
  const use = unused(record, terms, nowMs);
  if (use) yield { kind: 'caller_unused', caller, ...use };
  // Of a caller that does not ask, no right is used.
  if (use?.isDecided === true) return;
  for (const [issuer, right] of record.parts) {
    const found = unused(right, terms, nowMs);
    if (found) yield { kind: 'right_unused', caller, issuer, ...found };
  }
}

/** Whether something was not used for too long, or not yet. @returns undefined for what was used lately */
function unused(
  watched: Watched,
  { unusedAfter }: HygieneSection,
  nowMs: number,
): Pick<Finding, 'isDecided' | 'watched'> | undefined {
  const { sinceMs, lastMs } = watched;
  const isDecided = nowMs - (lastMs ?? sinceMs) >= unusedAfter;
  return isDecided || lastMs === undefined
    ? { isDecided, watched: { sinceMs, ...(lastMs !== undefined && { lastMs }) } }
    : undefined;
}
