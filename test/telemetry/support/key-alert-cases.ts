import { bending, changing, corp, inState, type AlertCase } from './alert-case.js';
import { bornAt, growing, histogram } from './healthy-series.js';

const growingOld = (minute: number): number => minute * 60;

/** What goes wrong with keys, and with looking at them. */
export const keyAlertCases: readonly AlertCase[] = [
  {
    happens: 'an issuer was not reached for three refreshes',
    alert: 'AssayKeySetStale',
    severity: 'warn',
    about: corp,
    series: [{ name: 'assay_jwks_age_seconds', labels: corp, values: growingOld }, ...inState('STALE', 15)],
    quietUntil: 15,
    firesAt: 20,
    summary: 'Several looks at the keys of corp have failed in eu.',
    description: 'They were last proved published 20m 0s ago. Known keys are verified until hardTtl.',
  },
  {
    happens: 'half of hardTtl has passed at one replica',
    alert: 'AssayHardLimitNear',
    severity: 'page',
    about: corp,
    series: [
      { name: 'assay_jwks_age_seconds', labels: corp, at: 'b', values: (minute) => 6_600 + minute * 60 },
      ...inState('STALE', 0, 'b'),
    ],
    quietUntil: 11,
    firesAt: 22,
    beside: ['AssayKeySetStale warn'],
    summary: 'The keys of corp will not be accepted much longer in eu.',
    description: '55% of hardTtl has passed since they were last proved published. At 100 % every answer is a 503.',
  },
  {
    happens: 'hardTtl has passed at both replicas',
    alert: 'AssayKeysExpired',
    severity: 'page',
    about: corp,
    series: [
      { name: 'assay_jwks_age_seconds', labels: corp, values: changing(5, 60, 14_400) },
      ...inState('EXPIRED', 5),
    ],
    quietUntil: 5,
    firesAt: 8,
    beside: ['AssayHardLimitNear page'],
    summary: 'The keys of corp are not accepted any more in eu.',
    description: '2 replica(s) answer 503 for its tokens: hardTtl has passed without a proof that they are published.',
  },
  {
    happens: 'a replica starts and gets no keys, so that its digest is that of none',
    alert: 'AssayKeysCold',
    severity: 'page',
    about: corp,
    series: [
      ...inState('COLD', 2, 'b'),
      { name: 'assay_jwks_set_digest', labels: corp, at: 'b', values: changing(2, 265_665_706_286_452, 7) },
      { name: 'assay_jwks_keys', labels: { ...corp, state: 'active' }, at: 'b', values: changing(2, 2, 0) },
    ],
    quietUntil: 6,
    firesAt: 8,
    summary: 'There have never been keys of corp in eu.',
    description:
      '1 replica(s) answer 503 for its tokens: no look has succeeded since they started, and nobody shares keys with them.',
  },
  {
    happens: 'an empty key set was believed',
    alert: 'AssayNoUsableKeys',
    severity: 'page',
    about: corp,
    series: [{ name: 'assay_jwks_keys', labels: { ...corp, state: 'active' }, values: changing(5, 2, 0) }],
    quietUntil: 5,
    firesAt: 8,
    summary: 'Issuer corp publishes no key that can be used in eu.',
    description: 'Each of its tokens is answered with active false.',
  },
  {
    happens: 'one replica does not hear of a rotation',
    alert: 'AssayKeySetsDiffer',
    severity: 'warn',
    about: corp,
    series: [{ name: 'assay_jwks_set_digest', labels: corp, at: 'a', values: changing(5, 265_665_706_286_452, 8) }],
    quietUntil: 5,
    firesAt: 7,
    summary: 'Replicas accept different keys of corp in eu.',
    description: '2 different key sets are in use. The same token may be active at one replica and not at the next.',
  },
  {
    happens: 'a key that signs tokens is withdrawn, and both replicas see it once',
    alert: 'AssayRemovedKeyInUse',
    severity: 'page',
    about: corp,
    series: [{ name: 'assay_jwks_key_event_total', labels: { ...corp, event: 'removed_in_use' }, values: bornAt(5) }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Issuer corp withdrew a key that signed tokens minutes ago in eu.',
    description:
      'About 2 time(s) in 15 minutes, counted once at each replica and for each key. Its tokens are answered with active false.',
  },
  {
    happens: 'it happens again where it has happened before',
    alert: 'AssayRemovedKeyInUse',
    severity: 'page',
    about: corp,
    series: [
      {
        name: 'assay_jwks_key_event_total',
        labels: { ...corp, event: 'removed_in_use' },
        at: 'a',
        values: changing(30, 3, 4),
      },
    ],
    quietUntil: 29,
    firesAt: 31,
    summary: 'Issuer corp withdrew a key that signed tokens minutes ago in eu.',
    description:
      'About 1 time(s) in 15 minutes, counted once at each replica and for each key. Its tokens are answered with active false.',
  },
  {
    happens: 'half of the keys go with one look',
    alert: 'AssayMassRemoval',
    severity: 'warn',
    about: corp,
    series: [
      { name: 'assay_jwks_key_event_total', labels: { ...corp, event: 'mass_removal' }, at: 'a', values: bornAt(5) },
    ],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Issuer corp withdrew half of its keys or more at once in eu.',
    description: 'About 1 time(s) in 15 minutes. Tokens of these keys are answered with active false.',
  },
  {
    happens: 'an issuer publishes its private key',
    alert: 'AssaySecretKeyPublished',
    severity: 'page',
    about: { ...corp, reason: 'private_material' },
    series: [
      {
        name: 'assay_jwks_key_dropped_total',
        labels: { ...corp, reason: 'private_material' },
        at: 'a',
        values: bornAt(5, 0.2),
      },
    ],
    quietUntil: 4,
    firesAt: 10,
    summary: 'Issuer corp publishes secret key material in eu.',
    description:
      'private_material, seen about 2 time(s) in 15 minutes. The entry is not used, but whoever read it can sign as the issuer elsewhere.',
  },
  {
    happens: 'somebody makes up key ids',
    alert: 'AssayUnknownKeyFlood',
    severity: 'warn',
    about: corp,
    series: [
      { name: 'assay_jwks_kid_miss_total', labels: { ...corp, outcome: 'gated' }, values: bending(10, 0, 6_000) },
    ],
    quietUntil: 14,
    firesAt: 20,
    summary: 'Many tokens of corp name keys that it does not publish in eu.',
    description:
      '200.1 a second. Known keys do not notice, and the issuer sees no more looks than the published bound.',
  },
  {
    happens: 'a caller passes on made-up key ids while the issuer is away',
    alert: 'AssayUndeterminedKeysRefused',
    severity: 'warn',
    about: { caller: 'orders', issuer: 'corp' },
    series: [
      {
        name: 'assay_key_undetermined_total',
        labels: { caller: 'orders', issuer: 'corp', outcome: 'inactive' },
        values: bending(10, 0, 6_000),
      },
    ],
    quietUntil: 14,
    firesAt: 20,
    summary: 'orders gets active false for tokens of corp that nobody can judge.',
    description:
      '200.0 a second name unknown keys while the issuer cannot be asked, beyond the 503s that a caller gets. Good tokens may be among them.',
  },
  {
    happens: 'an issuer answers nothing but errors',
    alert: 'AssayFetchFailing',
    severity: 'warn',
    about: corp,
    series: [
      {
        name: 'assay_jwks_fetch_total',
        labels: { ...corp, kind: 'refresh', result: 'unchanged' },
        at: 'a',
        values: (minute) => Math.floor(Math.min(minute, 20) / 5),
      },
      {
        name: 'assay_jwks_fetch_total',
        labels: { ...corp, kind: 'refresh', result: 'status_5xx' },
        at: 'b',
        values: bornAt(20, 1),
      },
    ],
    quietUntil: 30,
    firesAt: 45,
    summary: 'Most looks at the keys of corp fail in eu.',
    description: '100% of the looks in 15 minutes failed. Known keys are verified until hardTtl.',
  },
  {
    happens: 'looks take longer than two seconds',
    alert: 'AssayFetchSlow',
    severity: 'warn',
    about: corp,
    series: histogram('assay_jwks_fetch_seconds', corp, { le: '2', within: 0, all: 0.2 }).concat([
      { name: 'assay_jwks_fetch_seconds_bucket', labels: { ...corp, le: '3' }, values: growing(0.2) },
    ]),
    quietUntil: 15,
    firesAt: 30,
    summary: 'The key set of corp is slow to come in eu.',
    description: '99 % of the looks in an hour took up to 2.99s. After 3 s a look is given up.',
  },
];
