import { isJsonArray, isJsonObject, type JsonValue } from '../shared/json-value.js';

/** A SPIFFE bundle document, as far as it is about JWT-SVIDs (SPIFFE Trust Domain and Bundle §4). */
export interface SpiffeBundle {
  /** Keys for JWT-SVIDs as JWKs for signatures; none is a statement: all that were published before are revoked (§4.1.3). */
  readonly keys: readonly JsonValue[];
  /** Grows with each change of the bundle. */
  readonly sequence?: number;
  /** After how many seconds the publisher wants to be asked again. */
  readonly refreshHintSeconds?: number;
}

/** Reads a bundle. @returns undefined where the document is none */
export function readSpiffeBundle(document: JsonValue | undefined): SpiffeBundle | undefined {
  if (!isJsonObject(document)) return undefined;
  const { keys, spiffe_sequence: sequence, spiffe_refresh_hint: hint } = document;
  if (!isJsonArray(keys)) return undefined;
  return {
    keys: keys.flatMap(svidKey),
    ...(isCount(sequence) && { sequence }),
    ...(isCount(hint) && { refreshHintSeconds: hint }),
  };
}

/** §4.1.2: keys for other uses, and of uses that are not known, are ignored; one for JWT-SVIDs must have a `kid` (JWT-SVID §5). */
function svidKey(entry: JsonValue): readonly JsonValue[] {
  if (!isJsonObject(entry) || entry['use'] !== 'jwt-svid') return [];
  const { kid } = entry;
  const isNamed = typeof kid === 'string' && kid !== '';
  // One without a name is refused where all keys are, and counted there.
  return [{ ...entry, use: 'sig', kid: isNamed ? kid : null }];
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
