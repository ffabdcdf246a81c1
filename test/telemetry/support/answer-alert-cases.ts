import { type AlertCase, bending, corp } from './alert-case.js';
import { bornAt, growing, histogram, type Series } from './healthy-series.js';

const asked = { door: 'introspect', caller: 'orders' };

/** One question of each replica in a minute: nobody is asked so rarely, but a test is. */
const rarelyAsked: readonly Series[] = [
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'active' }, values: growing(1) },
  { name: 'assay_requests_total', labels: { ...asked, outcome: 'inactive' }, values: growing(0) },
];

/** What goes wrong with answers. */
export const answerAlertCases: readonly AlertCase[] = [
  {
    happens: 'one answer in twenty fails',
    alert: 'AssayAnswersMissing',
    severity: 'page',
    series: [{ name: 'assay_requests_total', labels: { ...asked, outcome: 'failed' }, values: growing(34.735) }],
    quietUntil: 2,
    firesAt: 10,
    summary: 'Too many questions get no verdict.',
    description: '5.013% in the last hour, 0.1 % are allowed for.',
  },
  {
    happens: 'one answer in a hundred fails, for long',
    alert: 'AssayAnswersMissing',
    severity: 'warn',
    series: [{ name: 'assay_requests_total', labels: { ...asked, outcome: 'failed' }, values: growing(6.6) }],
    quietUntil: 15,
    firesAt: 30,
    summary: 'More questions get no verdict than can go on.',
    description: '1.005% in the last six hours, 0.1 % are allowed for.',
  },
  {
    happens: 'every fifth answer is late',
    alert: 'AssayAnswersLate',
    severity: 'page',
    series: histogram(
      'assay_request_duration_seconds',
      { ...asked, outcome: 'active' },
      { le: '0.05', within: 480, all: 600 },
    ),
    quietUntil: 2,
    firesAt: 10,
    summary: 'Too many answers about good tokens are late.',
    description: '20% took longer than 50 ms in the last hour, 1 % are allowed for.',
  },
  {
    happens: 'one answer in twelve is late, for long',
    alert: 'AssayAnswersLate',
    severity: 'warn',
    series: histogram(
      'assay_request_duration_seconds',
      { ...asked, outcome: 'active' },
      { le: '0.05', within: 550, all: 600 },
    ),
    quietUntil: 15,
    firesAt: 30,
    summary: 'More answers about good tokens are late than can go on.',
    description: '8.333% took longer than 50 ms in the last six hours, 1 % are allowed for.',
  },
  {
    happens: 'a question finds no keys, at an installation that is hardly asked',
    alert: 'AssayIssuerUnavailable',
    severity: 'warn',
    about: { ...corp, reason: 'cold' },
    series: [
      ...rarelyAsked,
      { name: 'assay_requests_total', labels: { ...asked, outcome: 'unavailable' }, values: bending(5, 0, 0.5) },
      { name: 'assay_introspect_unavailable_total', labels: { ...corp, reason: 'cold' }, at: 'a', values: bornAt(5) },
    ],
    quietUntil: 4,
    firesAt: 12,
    summary: 'Questions about tokens of corp were answered 503 in eu.',
    description: 'About 1 in 15 minutes, because its keys are cold.',
  },
  {
    happens: 'an issuer publishes a key of another registration of its name',
    alert: 'AssayKeyContested',
    severity: 'warn',
    about: corp,
    series: [
      { name: 'assay_jwks_key_event_total', labels: { ...corp, event: 'key_contested' }, at: 'a', values: bornAt(5) },
    ],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Issuer corp publishes a key of another registration of its iss in eu.',
    description:
      'About 1 time(s) in 15 minutes, counted once at each replica and for each key. Tokens of this key count for the registration that comes first in the configuration.',
  },
];
