/** What findings are found in, as a test needs it: an issuer and a caller of which nothing is wrong, and what is otherwise. */
import { findingsIn } from '../../src/hygiene/find-findings.js';
import { textsOf } from '../../src/hygiene/finding-texts.js';
import type { AdminFacts, CallerFacts, Finding, IssuerFacts } from '../../src/hygiene/findings.js';
import type { UseRecord } from '../../src/hygiene/use-record.js';
import { day } from '../../src/shared/configuration/quantities.js';

export const terms = {
  rotateWithin: 90 * day,
  unusedAfter: 30 * day,
  warnBefore: 30 * day,
  longestLifetime: 7 * day,
  keyStrength: 112,
  mostKeys: 10,
};
export const nowMs = Date.parse('2026-11-30T12:00:00Z');
export const ago = (days: number): number => nowMs - days * day;

export const fresh: UseRecord = { sinceMs: ago(400), lastMs: ago(0), parts: new Map() };
export const corp: IssuerFacts = {
  id: 'corp',
  record: fresh,
  published: [],
  largestSet: 2,
  algorithms: [],
  maxLifetimeSeconds: 3_600,
  endlessDenials: [],
  vouchesForCallers: false,
};
export const orders: CallerFacts = {
  id: 'orders',
  record: fresh,
  secretEnds: [Infinity],
  sharesSecretWith: [],
  audiences: [],
  claims: [],
};
export const withPart = (name: string, sinceMs: number, lastMs?: number): UseRecord => ({
  ...fresh,
  parts: new Map([[name, { sinceMs, ...(lastMs !== undefined && { lastMs }) }]]),
});

export interface SomeFacts {
  readonly issuer?: readonly IssuerFacts[];
  readonly caller?: readonly CallerFacts[];
  readonly admin?: readonly AdminFacts[];
}

export const found = (
  { issuer = [], caller = [], admin = [] }: SomeFacts,
  atMs = nowMs,
  by = terms,
): readonly Finding[] => findingsIn({ terms: by, issuers: issuer, callers: caller, admins: admin, nowMs: atMs });

export const said = (finding: Finding | undefined): string => (finding ? textsOf(finding, terms, nowMs).says : '');
