import { bending, changing, type AlertCase } from './alert-case.js';

/** What goes wrong with what a replica says about itself. */
export const telemetryAlertCases: readonly AlertCase[] = [
  {
    happens: 'one replica cannot export its traces any more',
    alert: 'AssayTelemetryExportFailing',
    severity: 'warn',
    about: { signal: 'traces' },
    series: [
      {
        name: 'assay_telemetry_exports_total',
        labels: { signal: 'traces', result: 'failure' },
        at: 'b',
        values: bending(10, 0, 2),
      },
    ],
    quietUntil: 20,
    firesAt: 25,
    summary: 'The collector does not take the traces of Assay.',
    description: 'About 20 export(s) in 10 minutes failed, and what they carried is lost. No answer waits for them.',
  },
  {
    happens: 'records of the audit trail are lost',
    alert: 'AssayAuditLost',
    severity: 'page',
    series: [{ name: 'assay_audit_lost_total', labels: { kind: 'unwritten' }, at: 'b', values: changing(5, 0, 7) }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'The audit trail is not complete, or soon will not be.',
    description: 'Records were lost, or a replica has not been able to write them for five minutes.',
  },
  {
    happens: 'the audit trail cannot be written for minutes',
    alert: 'AssayAuditLost',
    severity: 'page',
    series: [{ name: 'assay_audit_unwritable', at: 'a', values: changing(5, 0, 1) }],
    quietUntil: 8,
    firesAt: 11,
    summary: 'The audit trail is not complete, or soon will not be.',
    description: 'Records were lost, or a replica has not been able to write them for five minutes.',
  },
];
