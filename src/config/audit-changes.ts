import type { ConfigurationOf, Sections } from '../shared/configuration/configuration-section.js';
import { isAuditAction, type Audit, type AuditAction } from '../telemetry/audit.js';
import { changesBetween, partsOf, type NamedPart } from './configuration-changes.js';

type Change = 'added' | 'removed' | 'changed';

/**
 * Writes down what comes into force with a configuration: names, never values (RADM-06). Members of a kind that the audit
 * trail has actions for (`issuer_added`) are written with them, those that are there from the start included.
 */
export function auditChanges<All extends Sections>(
  audit: Audit,
  sections: All,
  { before, after }: { readonly before: ConfigurationOf<All> | undefined; readonly after: ConfigurationOf<All> },
): void {
  if (!before) {
    for (const { part } of partsOf(sections, after).values())
      if (ownAction('added', part)) record(audit, 'added', part);
    return;
  }
  const changes = changesBetween(sections, before, after);
  for (const change of ['added', 'removed', 'changed'] as const) {
    for (const part of changes[change]) record(audit, change, part);
  }
}

function record(audit: Audit, change: Change, part: NamedPart): void {
  const action = ownAction(change, part);
  if (action && part.member) audit.record(action, { [part.member.kind]: part.member.id });
  else audit.record('configuration_changed', { change, part: part.name });
}

/** The action of the audit trail for this kind of part, where there is one. */
function ownAction(change: Change, { member }: NamedPart): AuditAction | undefined {
  const action = `${member?.kind ?? ''}_${change}`;
  return isAuditAction(action) ? action : undefined;
}
