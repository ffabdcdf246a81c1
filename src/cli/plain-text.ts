import { maskText } from '../telemetry/mask.js';

/** What others have written, for a terminal: it cannot move the cursor, change the direction of a line, or show a secret. No text is empty. */
export function plainText(value: unknown): string {
  return typeof value === 'string' ? maskText(value.replace(/[\p{Cc}\p{Cf}]/gu, '?')) : '';
}
