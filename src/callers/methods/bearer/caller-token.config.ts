import { TextField } from '../../../shared/configuration/scalar-fields.js';

/** A caller that authenticates with a token of a registered issuer, such as a Kubernetes service account. */
export class CallerTokenSection {
  @TextField('id of the registered issuer', { required: true, example: 'k8s' })
  readonly issuer!: string;

  @TextField('compared with `sub`', { required: true, example: 'system:serviceaccount:shop:orders' })
  readonly subject!: string;

  @TextField('what `aud` must name: the token has to be made for this service', {
    required: true,
    example: 'https://assay.example.com',
  })
  readonly audience!: string;
}
