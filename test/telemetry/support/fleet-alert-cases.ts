import { changing, corp, type AlertCase } from './alert-case.js';
import { bornAt, growing, healthySeries, histogram } from './healthy-series.js';

const eu = { region: 'eu' };
/** What goes wrong among replicas, with Redis, and with processes. */
export const fleetAlertCases: readonly AlertCase[] = [
  {
    happens: 'a replica looks without having asked the others',
    alert: 'AssayAutonomousFetches',
    severity: 'warn',
    about: corp,
    series: [
      {
        name: 'assay_jwks_fetch_total',
        labels: { ...corp, kind: 'auto', result: 'unchanged' },
        at: 'b',
        values: bornAt(5),
      },
    ],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Replicas look at corp each on its own in eu.',
    description: 'About 1 look(s) in 15 minutes were not agreed through Redis.',
  },
  {
    happens: 'Redis is lost',
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
    summary: 'Replicas decide alone, because Redis does not answer them in eu.',
    description:
      '2 replica(s). Known keys are verified as before; looks are made more slowly the more replicas there are.',
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
      '1 replica(s) have given the connection up and try again every few seconds. Their log and assay_jwks_redis_failures_total say why.',
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
      'Nothing was heard for 5m 0s. Replicas learn of new keys by polling, within 2 s where the issuer is in use.',
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
    happens: 'the clock of Redis is set back',
    alert: 'AssayClocksApart',
    severity: 'warn',
    about: eu,
    series: [{ name: 'assay_jwks_redis_clock_skew_seconds', labels: eu, at: 'a', values: changing(5, -0.02, -7.5) }],
    quietUntil: 5,
    firesAt: 8,
    summary: 'The clock of Redis and ours are apart in eu.',
    description: 'By 7.5s.',
  },
  {
    happens: 'what a look saw is in use only at the next poll but one',
    alert: 'AssayPropagationSlow',
    severity: 'warn',
    about: corp,
    series: histogram('assay_jwks_propagation_seconds', corp, { le: '3', within: 0.1, all: 0.2 }).concat([
      { name: 'assay_jwks_propagation_seconds_bucket', labels: { ...corp, le: '5' }, values: growing(0.2) },
    ]),
    quietUntil: 30,
    firesAt: 40,
    summary: 'New keys of corp are late at some replicas in eu.',
    description: 'It takes up to 4.96s from a look until 99 % of the replicas use what it saw.',
  },
  {
    happens: 'nothing is scraped any more',
    alert: 'AssayAbsent',
    severity: 'page',
    series: healthySeries.map((series) => ({
      ...series,
      values: (minute) => {
        if (minute >= 5) return undefined;
        return typeof series.values === 'number' ? series.values : series.values(minute);
      },
    })),
    quietUntil: 10,
    firesAt: 16,
    summary: 'Prometheus sees no replica at all.',
    description: 'Either none runs, or none is scraped; then no other alert would fire.',
  },
  {
    happens: 'every replica stops',
    alert: 'AssayNobodyReady',
    severity: 'page',
    series: [{ name: 'assay_ready', values: changing(5, 1, 0) }],
    quietUntil: 6,
    firesAt: 8,
    summary: 'No replica welcomes requests.',
    description: 'Each one that Prometheus sees says that it is not ready.',
  },
  {
    happens: 'one replica does not become ready',
    alert: 'AssayReplicaNotReady',
    severity: 'warn',
    series: [{ name: 'assay_ready', at: 'b', values: 0 }],
    quietUntil: 4,
    firesAt: 6,
    summary: 'Replicas are not ready.',
    description: '1 replica(s) run and do not welcome requests.',
  },
  {
    happens: 'a third replica is not scraped',
    alert: 'AssayReplicaUnseen',
    severity: 'warn',
    about: eu,
    series: [{ name: 'assay_jwks_fleet_replicas', labels: eu, values: 3 }],
    quietUntil: 14,
    firesAt: 16,
    summary: 'There are replicas that Prometheus does not see in eu.',
    description:
      'The replicas count 3 of themselves, more than are scraped. What happens at the others raises no alert.',
  },
  {
    happens: 'the file has a mistake since its latest change',
    alert: 'AssayReloadFailing',
    severity: 'warn',
    series: [
      {
        name: 'assay_config_last_reload_timestamp_seconds',
        labels: { result: 'failure' },
        values: changing(5, 100, 300),
      },
    ],
    quietUntil: 9,
    firesAt: 11,
    summary: 'The configuration has a mistake and was not taken over.',
    description: '2 replica(s) go on with the one before.',
  },
  {
    happens: 'one replica is given more than it can do',
    alert: 'AssayEventLoopLate',
    severity: 'warn',
    about: { instance: 'b' },
    series: [{ name: 'assay_event_loop_delay_seconds', at: 'b', values: changing(5, 0.001, 0.25) }],
    quietUntil: 7,
    firesAt: 20,
    summary: 'A replica has more to do than it can.',
    description: 'At b every request waits 250ms before anybody looks at it.',
  },
];
