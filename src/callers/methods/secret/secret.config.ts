import { describe } from '../../../shared/configuration/describe.js';
import { declareField, unreadable, type FieldOptions } from '../../../shared/configuration/field.js';
import { SecretField } from '../../../shared/configuration/scalar-fields.js';

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
