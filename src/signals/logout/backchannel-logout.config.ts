import { OneOfField, TextField } from '../../shared/configuration/scalar-fields.js';

/** The terms on which logout tokens are taken. */
export class BackchannelLogoutSection {
  @TextField(
    'what `aud` of logout tokens must name: the client whose `backchannel_logout_uri` is the URL of this signal',
    {
      required: true,
      example: 'assay-client',
    },
  )
  readonly audience!: string;

  @OneOfField(
    'what a logout token ends that names a session and a subject: `session`, or `subject`: everything that the subject was issued up to then, for access tokens that do not say of which session they are',
    { words: ['session', 'subject'], default: 'session' },
  )
  readonly ends!: 'session' | 'subject';
}
