import { findingsOfCaller } from './caller-findings.js';
import { findingKinds, type AdminFacts, type Finding, type HygieneFacts, type JudgedBy } from './findings.js';
import { findingsOfIssuer } from './issuer-findings.js';
import { unused } from './unused.js';

/** Everything that is worth a question, and what may become so; in the order of {@link findingKinds}. */
export function findingsIn(facts: HygieneFacts): readonly Finding[] {
  const found = [
    ...facts.issuers.flatMap((issuer) => [...findingsOfIssuer(issuer, facts)]),
    ...facts.callers.flatMap((caller) => [...findingsOfCaller(caller, facts)]),
    ...facts.admins.flatMap((admin) => [...findingsOfAdmin(admin, facts)]),
  ];
  return found.sort((one, other) => findingKinds.indexOf(one.kind) - findingKinds.indexOf(other.kind));
}

function* findingsOfAdmin({ id: admin, record }: AdminFacts, by: JudgedBy): Iterable<Finding> {
  const use = unused(record, by);
  if (use) yield { kind: 'admin_unused', admin, ...use };
}
