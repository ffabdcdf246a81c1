import { ListOf } from '../../../shared/configuration/composite-fields.js';
import { basicChallenge } from '../../credentials/challenges.js';
import type { CallerMethod } from '../caller-method.js';
import { ClientSecret } from './client-secret.js';
import { prepareSecrets } from './prepare-secrets.js';
import type { SecretDigests } from './secret-digest.js';
import { SecretSection } from './secret.config.js';

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1). */
export const clientSecret: CallerMethod<'secrets', readonly SecretSection[], SecretDigests, ClientSecret> = {
  key: 'secrets',
  field: ListOf('`client_secret_basic` and `client_secret_post`; several make a rotation', () => SecretSection, {
    shortForm: 'value',
    example: ['${file:/run/secrets/orders}'],
  }),
  unique: undefined,
  challenge: basicChallenge,
  checkWritten: undefined,
  prepare: prepareSecrets,
  advertise: () => ({ methods: ['client_secret_basic', 'client_secret_post'], assertionAlgorithms: [] }),
  authenticator: ({ clock }) => new ClientSecret(clock),
};
