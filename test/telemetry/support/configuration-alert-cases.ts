import { changing, type AlertCase } from './alert-case.js';

/** What goes wrong with files of the configuration. */
export const configurationAlertCases: readonly AlertCase[] = [
  {
    happens: 'two included files are wrong',
    alert: 'AssayIncludedFileRefused',
    severity: 'warn',
    series: ['last_good', 'refused'].map((state) => ({
      name: 'assay_config_included_files',
      labels: { state },
      at: 'b',
      values: changing(5, 0, 1),
    })),
    quietUntil: 9,
    firesAt: 11,
    summary: 'An included file is not in force as it stands.',
    description: '2 included file(s) are wrong: their last good version is in force, or nothing of them.',
  },
];
