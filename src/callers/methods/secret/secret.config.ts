import { SecretField } from '../../../shared/configuration/scalar-fields.js';
import { InstantField } from './instant-field.js';

/** One secret of a caller. In the file a plain text, or a mapping where it ends at some time. */
export class SecretSection {
  @SecretField('the secret', { required: true, example: '${file:/run/secrets/orders}' })
  readonly value!: string;

  @InstantField('from then on it is refused', { example: '2026-12-01T00:00:00Z' })
  readonly expires?: number;
}
