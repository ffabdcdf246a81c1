import type { AlertCase } from './alert-case.js';
import { answerAlertCases } from './answer-alert-cases.js';
import { configurationAlertCases } from './configuration-alert-cases.js';
import { fleetAlertCases } from './fleet-alert-cases.js';
import { keyAlertCases } from './key-alert-cases.js';
import { opaqueAlertCases } from './opaque-alert-cases.js';
import { processAlertCases } from './process-alert-cases.js';
import { regionAlertCases } from './region-alert-cases.js';
import { revocationAlertCases } from './revocation-alert-cases.js';
import { signalAlertCases } from './signal-alert-cases.js';
import { telemetryAlertCases } from './telemetry-alert-cases.js';

/** What goes wrong, and the alert that says so: every case of every alert. */
export const alertCases: readonly AlertCase[] = [
  ...keyAlertCases,
  ...answerAlertCases,
  ...fleetAlertCases,
  ...revocationAlertCases,
  ...regionAlertCases,
  ...signalAlertCases,
  ...opaqueAlertCases,
  ...processAlertCases,
  ...telemetryAlertCases,
  ...configurationAlertCases,
];
