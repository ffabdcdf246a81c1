import { changing, type AlertCase } from './alert-case.js';
import { bornAt } from './healthy-series.js';

const corp = { stream: 'corp-ssf' };

/** What goes wrong with what providers tell. */
export const signalAlertCases: readonly AlertCase[] = [
  {
    happens: 'a transmitter does not answer, or has paused the stream',
    alert: 'AssaySignalStreamDown',
    severity: 'warn',
    about: corp,
    series: [{ name: 'assay_signal_stream_up', labels: corp, values: changing(5, 1, 0) }],
    quietUntil: 9,
    firesAt: 12,
    summary: 'The stream of events corp-ssf does not tell what happens.',
    description: 'Whoever is logged out or disabled there keeps the tokens until they expire.',
  },
  {
    happens: 'a provider ends more in a minute than it may, again and again',
    alert: 'AssaySignalsLimited',
    severity: 'page',
    about: corp,
    series: [
      {
        name: 'assay_signals_total',
        labels: { ...corp, delivery: 'push', outcome: 'limited' },
        at: 'b',
        values: bornAt(5, 10),
      },
    ],
    quietUntil: 9,
    firesAt: 14,
    summary: 'The provider behind corp-ssf ends more than it may in a minute.',
    description: 'About 50 signal(s) in 5 minutes were put off. It has gone mad, or perMinute is too low for it.',
  },
  {
    happens: 'a provider sends logout tokens for another client',
    alert: 'AssaySignalsRefused',
    severity: 'warn',
    about: corp,
    series: [
      {
        name: 'assay_signals_refused_total',
        labels: { ...corp, reason: 'audience_mismatch' },
        at: 'b',
        values: bornAt(5, 1),
      },
    ],
    quietUntil: 14,
    firesAt: 20,
    summary: 'Nothing of what came for corp-ssf within an hour was believed.',
    description: 'About 16 signal(s) were refused, so whoever was logged out keeps the tokens until they expire.',
  },
  {
    happens: 'a transmitter tells of users by a phone number',
    alert: 'AssaySignalsDiscarded',
    severity: 'warn',
    about: { ...corp, reason: 'format_not_understood' },
    series: [
      {
        name: 'assay_signal_discarded_total',
        labels: { ...corp, reason: 'format_not_understood' },
        at: 'b',
        values: bornAt(5, 1),
      },
    ],
    quietUntil: 14,
    firesAt: 20,
    summary: 'Events of corp-ssf are acknowledged and end nothing (format_not_understood).',
    description: 'About 16 in an hour. Tokens cannot be found by what they say.',
  },
];
