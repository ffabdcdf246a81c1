/** One event as replicas keep it and give it to each other. */
import { isJsonObject } from '../../shared/json-value.js';
import { readStrictJson } from '../../shared/strict-json.js';
import type { LogFields } from '../../telemetry/logger.js';
import { type EventField, type EventFields, type EventKind, isEventKind, kindOf } from './event-kinds.js';

/** Something that an operator wants to know of. */
export interface FleetEvent {
  readonly kind: EventKind;
  /** Wall time of the replica that saw it, milliseconds since the epoch. */
  readonly atMs: number;
  /** Who saw it. */
  readonly replica: string;
  /** Which one it is of those of this replica. */
  readonly number: number;
  readonly fields: EventFields;
}

/** Longest event, in bytes: twenty fields of which the longest is the reason of an operator. */
export const LONGEST_EVENT = 2_048;

/** Longest text of a field, in characters. */
const LONGEST_FIELD = 200;

/** What comes from the path of a request may be anything: it is shown where it can be a name. */
const names: Readonly<Partial<Record<EventField, RegExp>>> = {
  issuer: /^[\w.:-]{1,80}$/,
  thumbprint: /^[\w-]{43}$/,
  signal: /^[\w.:-]{1,80}$/,
  about: /^[\w.-]{1,100}$/,
};

/** What of a record is shown for this kind of event. */
export function shownFields(kind: EventKind, fields: LogFields): EventFields {
  const shown = kindOf(kind).fields.flatMap((name) => {
    const value: unknown = fields[name];
    if (typeof value !== 'string' || value === '' || value.length > LONGEST_FIELD) return [];
    return names[name]?.test(value) === false ? [] : [[name, value] as const];
  });
  return Object.fromEntries(shown);
}

export function writeEvent({ kind, atMs, replica, number, fields }: FleetEvent): string {
  return JSON.stringify({ kind, atMs: Math.round(atMs), replica, number, fields });
}

/** What {@link writeEvent} has written. @returns `undefined` for anything else: other versions may know other kinds */
export function readEvent(text: Buffer): FleetEvent | undefined {
  const value = text.length <= LONGEST_EVENT ? readStrictJson(text) : undefined;
  if (!isJsonObject(value)) return undefined;
  const { kind, atMs, replica, number, fields } = value;
  const isSound =
    typeof kind === 'string' &&
    isEventKind(kind) &&
    isQuantity(atMs) &&
    isQuantity(number) &&
    typeof replica === 'string' &&
    /^[\w.-]{1,100}$/.test(replica) &&
    isJsonObject(fields);
  return isSound ? { kind, atMs, replica, number, fields: shownFields(kind, fields) } : undefined;
}

/** As milliseconds, a time that every date can show. */
function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1e13;
}
