import { changing, type AlertCase } from './alert-case.js';
import { healthySeries } from './healthy-series.js';

const eu = { region: 'eu' };

/** What goes wrong with processes. */
export const processAlertCases: readonly AlertCase[] = [
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
    description: 'At b every request waits 250ms before it is read.',
  },
  {
    happens: 'one replica has more connections open than it closes',
    alert: 'AssayFewFilesLeft',
    severity: 'warn',
    about: { instance: 'b' },
    series: [{ name: 'process_open_fds', at: 'b', values: changing(5, 100, 900) }],
    quietUntil: 9,
    firesAt: 12,
    summary: 'A replica has few file descriptors left.',
    description: 'At b 90% are in use. Without any, connections are refused.',
  },
  {
    happens: 'one replica is dead',
    alert: 'AssayReplicaDown',
    severity: 'warn',
    series: [{ name: 'up', at: 'b', values: changing(5, 1, 0) }],
    quietUntil: 9,
    firesAt: 11,
    summary: 'Replicas do not answer Prometheus.',
    description: '1 replica(s) are dead, or cannot be reached. The others answer for them.',
  },
];
