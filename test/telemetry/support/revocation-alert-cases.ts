import { changing, type AlertCase } from './alert-case.js';
import { bornAt } from './healthy-series.js';

const eu = { region: 'eu' };

/** What goes wrong with the list of what was denied and revoked. */
export const revocationAlertCases: readonly AlertCase[] = [
  {
    happens: 'a replica answers that has never read what was revoked',
    alert: 'AssayBlindVerdicts',
    severity: 'page',
    about: eu,
    series: [{ name: 'assay_revocation_blind_verdicts_total', labels: eu, at: 'b', values: bornAt(5) }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Tokens are judged without knowing what is denied and revoked in eu.',
    description: 'About 1 time(s) in 15 minutes. What was revoked elsewhere may pass.',
  },
  {
    happens: 'a replica cannot read the list, and writes to Redis all the same',
    alert: 'AssayRevocationsOld',
    severity: 'warn',
    about: eu,
    series: [{ name: 'assay_change_log_read_age_seconds', labels: eu, at: 'b', values: changing(5, 1, 60) }],
    quietUntil: 5,
    firesAt: 8,
    summary: 'A replica does not read what is denied and revoked, although it has not given Redis up, in eu.',
    description: 'It last did 1m 0s ago. What was revoked since then passes there.',
  },
  {
    happens: 'an issuer has used most of its quota',
    alert: 'AssayRevocationsNearlyFull',
    severity: 'warn',
    about: { issuer: 'corp' },
    series: [
      { name: 'assay_revocations', labels: { issuer: 'corp', kind: 'token' }, values: changing(5, 10, 450_000) },
      { name: 'assay_revocations_quota', labels: { issuer: 'corp' }, values: changing(5, 500_000, 500_000) },
    ],
    quietUntil: 9,
    firesAt: 12,
    summary: 'There is little room for more revocations of corp.',
    description: '90% is used. Beyond it nothing more is revoked, and nothing is forgotten for it.',
  },
  {
    happens: 'all issuers together have most of what a replica has room for',
    alert: 'AssayRevocationsNearlyFull',
    severity: 'warn',
    series: ['corp', 'shop'].flatMap((issuer) => [
      { name: 'assay_revocations', labels: { issuer, kind: 'session' }, values: changing(5, 10, 425_000) },
      { name: 'assay_revocations_quota', labels: { issuer }, values: changing(5, 1_000_000, 1_000_000) },
    ]),
    quietUntil: 9,
    firesAt: 12,
    summary: 'There is little room for more revocations.',
    description: '85% is used. Beyond it nothing more is revoked, and nothing is forgotten for it.',
  },
  {
    happens: 'a provider has cut off half of what there is room for',
    alert: 'AssayRevocationsNearlyFull',
    severity: 'warn',
    series: [
      { name: 'assay_revocations', labels: { issuer: 'corp', kind: 'subject' }, values: changing(5, 10, 8_400) },
      { name: 'assay_revocations_quota', labels: { issuer: 'corp' }, values: changing(5, 500_000, 500_000) },
    ],
    quietUntil: 9,
    firesAt: 12,
    summary: 'There is little room for more revocations.',
    description: '42% is used. Beyond it nothing more is revoked, and nothing is forgotten for it.',
  },
];
