import type { Audit, AuditAction } from '../telemetry/audit.js';
import { changesBetween } from './configuration-changes.js';
import type { Configuration } from './configuration.config.js';

/** Writes down what comes into force with a configuration: names, never values (RADM-06). */
export function auditChanges(audit: Audit, before: Configuration | undefined, after: Configuration): void {
  if (!before) {
    for (const { id } of after.issuers) audit.record('issuer_added', { issuer: id });
    return;
  }
  const { added, removed, changed } = changesBetween(before, after);
  for (const part of added) write(audit, 'added', part);
  for (const part of removed) write(audit, 'removed', part);
  for (const part of changed) write(audit, 'changed', part);
}

/** @param part such as `issuer corp`, `caller orders-api` or `admin` */
function write(audit: Audit, change: 'added' | 'removed' | 'changed', part: string): void {
  const issuer = /^issuer (.+)$/.exec(part)?.[1];
  const action: AuditAction = issuer === undefined ? 'configuration_changed' : `issuer_${change}`;
  audit.record(action, issuer === undefined ? { change, part } : { issuer });
}
