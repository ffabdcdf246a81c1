// JSON in documents: what we answer, or what we are sent, as the OpenAPI document describes it, and lines of the audit trail.
import { isAuditAction } from '../../../src/telemetry/audit.js';
import type { BlockKind } from './block-kind.js';
import { read } from './documents.js';
import { api } from './our-endpoints.js';

/** JSON: one value, or one in each line. */
export const jsonAnswers: BlockKind = {
  name: 'JSON',
  isOfKind: ({ language }) => language === 'json',
  problemsOf: ({ text }) => {
    try {
      return valuesOf(text).flatMap((value) =>
        isAuditRecord(value) ? problemsOfRecord(value) : problemsOfValue(value),
      );
    } catch (error) {
      return [String(error)];
    }
  },
};

function valuesOf(text: string): readonly unknown[] {
  const lines = text.trim().split('\n');
  if (!lines.every((line) => /^\{.*\}$/u.test(line))) return [JSON.parse(text)];
  return lines.map((line): unknown => JSON.parse(line));
}

function problemsOfValue(value: unknown): readonly string[] {
  const places = api.placesOf(value);
  return places.length > 0 ? [] : [`no endpoint answers this, or takes it: ${JSON.stringify(value).slice(0, 80)}…`];
}

interface AuditRecord {
  readonly stream: 'audit';
  readonly time: string;
  readonly action: string;
}

function isAuditRecord(value: unknown): value is AuditRecord {
  return (value as { readonly stream?: unknown }).stream === 'audit';
}

/** What the page of the trail says of its members is what a record may have. */
function problemsOfRecord(record: AuditRecord): readonly string[] {
  const page = read('docs/audit.md').replaceAll(/^```json$[^]*?^```$/gmu, '');
  const unexplained = Object.keys(record).filter(
    (name) => !['time', 'stream', 'action'].includes(name) && !page.includes(`\`${name}\``),
  );
  return [
    ...unexplained.map((name) => `${name} is not explained on the page of the audit trail`),
    ...(isAuditAction(record.action) ? [] : [`no action ${record.action}`]),
    ...(Number.isNaN(Date.parse(record.time)) ? [`no time ${record.time}`] : []),
  ];
}
