import { isJsonObject, type JsonObject } from '../shared/json-value.js';
import { readStrictJson } from '../shared/strict-json.js';
import type { KeyDecision } from './key-decision.js';

/** A decision as text: JSON with its members in a fixed order, so that one decision has one text. */
export function writeDecision({ issuerId, thumbprint, verdict, reason, by, atMs, untilMs }: KeyDecision): string {
  return JSON.stringify({ issuerId, thumbprint, verdict, reason, by, atMs, untilMs });
}

/** Reads what this service has written, perhaps another version of it. @returns undefined where it is no decision */
export function readDecision(text: string): KeyDecision | undefined {
  const content = readStrictJson(Buffer.from(text));
  return isJsonObject(content) ? decisionOf(content) : undefined;
}

/** The decision that these members say. @returns undefined where one is missing, or of another type */
export function decisionOf(content: JsonObject): KeyDecision | undefined {
  const { issuerId, thumbprint, verdict, reason, by, atMs, untilMs } = content;
  if (typeof issuerId !== 'string' || typeof thumbprint !== 'string') return undefined;
  if (verdict !== 'denied' && verdict !== 'allowed') return undefined;
  if (typeof reason !== 'string' || typeof by !== 'string' || typeof atMs !== 'number') return undefined;
  if (untilMs !== undefined && typeof untilMs !== 'number') return undefined;
  return { issuerId, thumbprint, verdict, reason, by, atMs, ...(untilMs === undefined ? {} : { untilMs }) };
}
