import { ListOf } from '../shared/configuration/composite-fields.js';
import { OneOfField, SecretField, TextField } from '../shared/configuration/scalar-fields.js';

/** Who may use the admin API, as what. */
export class AdminTokenSection {
  @TextField('name for the audit trail', { required: true, example: 'ops' })
  readonly id!: string;

  @SecretField('sent as `Authorization: Bearer`', { required: true, example: '${file:/run/secrets/admin}' })
  readonly secret!: string;

  @OneOfField('viewer reads, operator changes', { required: true, words: ['viewer', 'operator'] })
  readonly role!: 'viewer' | 'operator';
}

/** The admin API and the console on the management listener. */
export class AdminSection {
  @ListOf('who may use it', () => AdminTokenSection, { default: [] })
  readonly tokens!: readonly AdminTokenSection[];
}
