/** Reads the secrets of callers from the configuration, and keeps nothing of them but digests. */
import { describe } from '../../../shared/configuration/describe.js';
import { declareField, unreadable, type FieldOptions } from '../../../shared/configuration/field.js';
import type { Place } from '../../../shared/configuration/place.js';
import { SecretField } from '../../../shared/configuration/scalar-fields.js';
import { isWeak, strongSecret } from '../../../shared/secret-strength.js';
import { hasControlCharacter } from '../../credentials/basic-credentials.js';
import { MAX_SECRET_LENGTH, MAX_SECRETS, SecretDigests, type RegisteredSecret } from './secret-digest.js';

/** RFC 3339, in UTC, to the second or finer. */
const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** A point in time such as `2026-12-01T00:00:00Z`; the program gets milliseconds since the epoch. */
function InstantField(description: string, options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    ...options,
    description,
    type: 'point in time',
    schema: { type: 'string', pattern: shape.source },
    read(raw, place) {
      const ms = typeof raw === 'string' && shape.test(raw) ? Date.parse(raw) : NaN;
      if (!Number.isNaN(ms)) return ms;
      place.refuse(describe(raw), 'a point in time such as 2026-12-01T00:00:00Z');
      return unreadable;
    },
  });
}

/** One secret of a caller. In the file a plain text, or a mapping where it ends at some time. */
export class SecretSection {
  @SecretField('the secret', { required: true, example: '${file:/run/secrets/orders}' })
  readonly value!: string;

  @InstantField('from then on it is refused', { example: '2026-12-01T00:00:00Z' })
  readonly expires?: number;
}

/** Shorter secrets are refused: they can be guessed by trying. */
const SHORTEST_SECRET = 8;

/**
 * Turns secrets into digests; the secrets themselves are not kept.
 * @returns undefined after reporting every problem
 */
export function prepareSecrets(secrets: readonly RegisteredSecret[], place: Place): SecretDigests | undefined {
  const defects = secrets.map(({ value }, i) => {
    const expected = defectOf(value);
    if (expected !== undefined) place.at(i).refuse(withoutText(value), expected);
    else if (isWeak(value)) place.at(i).warn(`a weak secret of ${value.length} characters`, advice);
    return expected;
  });
  if (secrets.length === 0 || secrets.length > MAX_SECRETS) {
    place.refuse(`${secrets.length} secrets`, `1 to ${MAX_SECRETS} secrets`);
    return undefined;
  }
  return defects.every((defect) => defect === undefined) ? new SecretDigests(secrets) : undefined;
}

/** RFC 6749 §10.10. */
const advice = `${strongSecret}: by wrong guesses at this one, which are limited, anybody can lock this caller out`;

function defectOf(secret: string): string | undefined {
  if (secret.length < SHORTEST_SECRET) return `at least ${SHORTEST_SECRET} characters, better ${strongSecret}`;
  if (secret.length > MAX_SECRET_LENGTH) return `at most ${MAX_SECRET_LENGTH} characters`;
  if (hasControlCharacter(secret)) return 'no control character and no line end (RFC 7617 §2)';
  return undefined;
}

/** What is said of a secret; never the secret itself. */
function withoutText(secret: string): string {
  return `a secret of ${secret.length} characters`;
}
