import { TextField } from '../../shared/configuration/scalar-fields.js';

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
}
