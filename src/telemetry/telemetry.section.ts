/** What the configuration can say of logs, traces, metrics and the audit trail. */
import { differ, type ConfigurationSection } from '../shared/configuration/configuration-section.js';
import { sectionWithDefaults } from '../shared/configuration/section-form.js';
import { Section } from '../shared/configuration/composite-fields.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule } from '../shared/configuration/field.js';
import {
  DurationField,
  FlagField,
  NumberField,
  OneOfField,
  SecretField,
  TextField,
} from '../shared/configuration/scalar-fields.js';
import { strongKey, weaknessOfKey } from '../shared/secret-strength.js';

const collectorUrl = {
  example: 'http://collector:4318',
  pattern: /^https?:\/\/[^\s?#@]+$/,
  expected: 'an http or https URL without credentials or query; OTLP over HTTP has port 4318',
};

/** Traces, sent by OTLP over HTTP. */
export class TracingSection {
  @TextField('base URL of the collector', { required: true, ...collectorUrl })
  readonly endpoint!: string;

  @NumberField(
    'share of requests that are traced; a peer in `server.trustedProxies` decides with its own `traceparent`. Changes without a restart',
    { default: 0.01, min: 0, max: 1 },
  )
  readonly sampleRatio!: number;
}

/** Metrics, sent by OTLP over HTTP, beside `/metrics`, which is always there. */
export class MetricsExportSection {
  @TextField('base URL of the collector', { required: true, ...collectorUrl })
  readonly endpoint!: string;

  @DurationField('how often they are sent', { default: 60_000, min: 1_000, max: 3_600_000 })
  readonly interval!: number;
}

/** The log on standard output. */
export class LogsSection {
  @OneOfField('least severe level that is written; changes without a restart', {
    words: ['debug', 'info', 'warn', 'error'],
    default: 'info',
  })
  readonly level!: 'debug' | 'info' | 'warn' | 'error';
}

/** The audit trail: JSON lines with `"stream":"audit"`. */
export class AuditSection {
  @FlagField('write it', { default: true })
  readonly enabled!: boolean;

  @TextField('file to append to; absent: standard output', { example: '/var/log/assay/audit.jsonl' })
  readonly file?: string;

  @NumberField('share of active verdicts that are written down; refusals always are', { default: 0.01, min: 0, max: 1 })
  readonly activeSampleRatio!: number;

  @SecretField('key of the keyed hashes of `jti`, the same at every replica; absent: each process makes one up', {
    example: '${file:/run/secrets/assay-audit-key}',
  })
  readonly hashKey?: string;

  @FlagField(
    'name the subject of each token in decisions by a keyed hash, `subHash`, so that `assay audit find --subject` finds them. Whoever has the key can find out whose they are',
    { default: false },
  )
  readonly subHash!: boolean;

  @Rule('subHash', 'hashKey')
  refuseHashesOfNobody(place: Place): void {
    if (!this.subHash || this.hashKey !== undefined) return;
    place
      .at('subHash')
      .refuse('true without hashKey', 'hashKey as well: nobody else could compute the hash of a subject');
  }

  @Rule('hashKey')
  refuseWeakKey(place: Place): void {
    const weakness = this.hashKey === undefined ? undefined : weaknessOfKey(this.hashKey);
    if (weakness !== undefined) place.at('hashKey').refuse(weakness, strongKey);
  }
}

/** What the service says about itself. */
export class TelemetrySection {
  @Section('traces; absent: none', () => TracingSection)
  readonly tracing?: TracingSection;

  @Section('metrics for a collector; absent: only `/metrics`', () => MetricsExportSection)
  readonly metrics?: MetricsExportSection;

  @Section('the log', () => LogsSection, { default: {} })
  readonly logs!: LogsSection;

  @Section('the audit trail', () => AuditSection, { default: {} })
  readonly audit!: AuditSection;
}

/** `telemetry`: what the service says about itself. */
export const telemetrySection: ConfigurationSection<'telemetry', TelemetrySection, TelemetrySection> = {
  key: 'telemetry',
  form: sectionWithDefaults('what the service says about itself', () => TelemetrySection),
  prepare: (section) => section,
  // A connection to a collector stays as it is.
  needsRestart: (before, after) => [
    ...(differ(before.tracing?.endpoint, after.tracing?.endpoint) ? ['telemetry.tracing'] : []),
    ...(differ(before.metrics, after.metrics) ? ['telemetry.metrics'] : []),
  ],
};
