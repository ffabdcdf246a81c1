import { changing, corp, type AlertCase } from './alert-case.js';
import { bornAt, growing, histogram } from './healthy-series.js';

const eu = { region: 'eu' };
/** Labels of fetches that were not agreed with others. */
const autonomous = { ...corp, kind: 'auto', result: 'unchanged' };

/** What goes wrong among replicas and with Redis. */
export const fleetAlertCases: readonly AlertCase[] = [
  {
    happens: 'a replica fetches without having asked the others',
    alert: 'AssayAutonomousFetches',
    severity: 'warn',
    about: corp,
    series: [
      {
        name: 'assay_jwks_fetch_total',
        labels: autonomous,
        at: 'b',
        values: bornAt(5),
      },
    ],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Replicas fetch the keys of corp each on its own in eu.',
    description: 'About 1 fetch(es) in 15 minutes were not agreed through Redis.',
  },
  {
    happens: 'replicas decide alone although Redis answers',
    alert: 'AssayAutonomous',
    severity: 'warn',
    about: eu,
    series: [
      { name: 'assay_jwks_autonomous', labels: eu, values: changing(5, 0, 1) },
      // Nobody counts now, and a new replica assumes many.
      { name: 'assay_jwks_fleet_replicas', labels: eu, values: changing(5, 2, 10) },
    ],
    quietUntil: 6,
    firesAt: 25,
    summary: 'Replicas decide alone, although their connection to Redis is in use in eu.',
    description:
      '2 replica(s). Known keys are verified as before; fetches are made more slowly the more replicas there are.',
  },
  {
    happens: 'a replica does not confirm a denial',
    alert: 'AssayDenialNotEverywhere',
    severity: 'page',
    about: eu,
    series: [{ name: 'assay_denials_unconfirmed', labels: eu, values: changing(5, 0, 1) }],
    quietUntil: 5,
    firesAt: 8,
    summary: 'A denied key may be accepted at some replicas, as seen from eu.',
    description: '1 pair(s) of a denial and a replica that has not confirmed it within 7 s.',
  },
  {
    happens: 'one replica is cut off from Redis',
    alert: 'AssayRedisBreakerOpen',
    severity: 'warn',
    about: { role: 'primary' },
    series: [{ name: 'assay_jwks_redis_breaker', labels: { role: 'primary' }, at: 'b', values: changing(5, 0, 1) }],
    quietUntil: 6,
    firesAt: 8,
    summary: 'Redis (primary) does not answer.',
    description:
      '1 replica(s) have given the connection up, or do so again and again. Their log and assay_jwks_redis_failures_total say why.',
  },
  {
    happens: 'the connection of a replica to Redis comes and goes',
    alert: 'AssayRedisBreakerOpen',
    severity: 'warn',
    about: { role: 'primary' },
    series: [
      {
        name: 'assay_jwks_redis_breaker',
        labels: { role: 'primary' },
        at: 'b',
        values: (minute) => (minute >= 5 ? minute % 2 : 0),
      },
    ],
    quietUntil: 8,
    firesAt: 14,
    summary: 'Redis (primary) does not answer.',
    description:
      '1 replica(s) have given the connection up, or do so again and again. Their log and assay_jwks_redis_failures_total say why.',
  },
  {
    happens: 'a subscription is dead',
    alert: 'AssaySubscriptionSilent',
    severity: 'warn',
    about: eu,
    series: [
      {
        name: 'assay_jwks_pubsub_gap_seconds',
        labels: eu,
        at: 'a',
        values: (minute) => Math.max(0, minute - 5) * 60,
      },
    ],
    quietUntil: 7,
    firesAt: 10,
    summary: 'Nothing comes through the subscription to Redis in eu.',
    description:
      'Nothing was received for 5m 0s. Replicas learn of new keys by polling, within 2 s where the issuer is in use.',
  },
  {
    happens: 'a record is forged',
    alert: 'AssayRecordNotBelieved',
    severity: 'page',
    about: { ...corp, reason: 'forged' },
    series: [{ name: 'assay_jwks_mac_failure_total', labels: { ...corp, reason: 'forged' }, values: bornAt(5) }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Somebody else wrote a record of corp into Redis in eu.',
    description: 'forged, about 2 time(s) in 15 minutes. No verdict was changed.',
  },
  {
    happens: 'somebody keeps the budget of fetches in Redis spent',
    alert: 'AssayPermitsWithheld',
    severity: 'warn',
    about: corp,
    series: [
      { name: 'assay_jwks_permits_withheld_total', labels: { ...corp, verdict: 'BUSY' }, at: 'b', values: bornAt(5) },
      { name: 'assay_jwks_fetch_total', labels: autonomous, at: 'b', values: bornAt(5) },
    ],
    quietUntil: 4,
    firesAt: 7,
    summary: 'Redis permits no fetches from corp in eu, and nobody else makes them.',
    description: 'About 1 fetch(es) in 15 minutes were made all the same, after a wait of five minutes and more.',
  },
  {
    happens: 'the clock of Redis is set back',
    alert: 'AssayClocksApart',
    severity: 'warn',
    about: eu,
    series: [
      { name: 'assay_jwks_redis_clock_skew_seconds', labels: eu, at: 'a', values: changing(5, -0.02, -7.5) },
      { name: 'assay_jwks_fetch_total', labels: autonomous, at: 'a', values: bornAt(6) },
    ],
    quietUntil: 5,
    firesAt: 8,
    summary: 'The clock of Redis and ours are apart in eu.',
    description: 'By 7.5s at least. Replicas that find it so store nothing in Redis, and fetch for themselves.',
  },
  {
    happens: 'what a fetch found is in use only at the next poll but one',
    alert: 'AssayPropagationSlow',
    severity: 'warn',
    about: corp,
    series: histogram('assay_jwks_propagation_seconds', corp, { le: '3', within: 0.1, all: 0.2 }).concat([
      { name: 'assay_jwks_propagation_seconds_bucket', labels: { ...corp, le: '5' }, values: growing(0.2) },
    ]),
    quietUntil: 30,
    firesAt: 40,
    summary: 'New keys of corp are late at some replicas in eu.',
    description: 'It takes up to 4.96s from a fetch until 99 % of the replicas use what it found.',
  },
];
