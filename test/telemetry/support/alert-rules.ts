import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..', '..');

/** The rules, as Prometheus and the chart read them. */
export const alertsFile = join(root, 'helm', 'files', 'alerts.yaml');

/** One rule that tells somebody. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

/** One rule that makes another series. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (AlertRule | RecordingRule)[] }[];
}

const rules = (parse(readFileSync(alertsFile, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules);

/** All rules that tell somebody, in the order of the file. */
export const alertRules = rules.filter((rule): rule is AlertRule => 'alert' in rule);

/** All rules that make another series. */
export const recordingRules = rules.filter((rule): rule is RecordingRule => 'record' in rule);

/** A file of the repository. */
export function textOf(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}
