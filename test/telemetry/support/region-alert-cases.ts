import { changing, type AlertCase } from './alert-case.js';
import type { Series } from './healthy-series.js';

const pair = { region: 'eu', peer: 'us' };

const reachable = (values: Series['values'], at?: 'a' | 'b'): Series => ({
  name: 'assay_region_reachable',
  labels: pair,
  values,
  ...(at && { at }),
});

const differing = (what: string, values: Series['values'], at?: 'a' | 'b'): Series => ({
  name: 'assay_region_differences',
  labels: { ...pair, what },
  values,
  ...(at && { at }),
});

/** What goes wrong between regions that have a Redis each. */
export const regionAlertCases: readonly AlertCase[] = [
  {
    happens: 'no replica reaches the other region any more, after one of them did not for a while',
    alert: 'AssayRegionUnreachable',
    severity: 'warn',
    about: pair,
    series: [reachable(changing(5, 1, 0), 'a'), reachable(changing(20, 1, 0), 'b')],
    quietUntil: 24,
    firesAt: 26,
    summary: 'The region us does not report to eu.',
    description: 'What it accepts now is not known here, and what is denied for all regions does not reach it.',
  },
  {
    happens: 'a key is denied in one region, and one replica sees that the other does not deny it',
    alert: 'AssayRegionDenialsDiffer',
    severity: 'page',
    about: pair,
    series: [reachable(1), differing('denied_keys', 0, 'a'), differing('denied_keys', changing(5, 0, 2), 'b')],
    quietUntil: 5,
    firesAt: 7,
    summary: 'A key that one region denies is accepted in another, us as seen from eu.',
    description: '2 key(s) are denied in one of the two and not known to be denied in the other.',
  },
  {
    happens: 'an issuer was added in one region and changed in the other, for longer than a roll-out takes',
    alert: 'AssayRegionConfigurationsDiffer',
    severity: 'warn',
    about: pair,
    series: [reachable(1), differing('issuers', changing(5, 0, 1)), differing('registrations', changing(5, 0, 1))],
    quietUntil: 34,
    firesAt: 36,
    summary: 'The region us judges tokens by another configuration than eu.',
    description: '2 issuer(s) are registered in one of the two alone, or in another way.',
  },
  {
    happens: 'the other region has other keys, where Prometheus does not see that region',
    alert: 'AssayRegionKeysDiffer',
    severity: 'warn',
    about: pair,
    series: [reachable(1), differing('keys', changing(5, 0, 1))],
    quietUntil: 19,
    firesAt: 21,
    summary: 'The region us accepts other keys than eu.',
    description: 'Of 1 issuer(s).',
  },
];
