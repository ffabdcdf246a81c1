import { TextList } from '../shared/configuration/composite-fields.js';
import type { FileText } from '../shared/configuration/field.js';
import { FileField, TextField } from '../shared/configuration/scalar-fields.js';

/** The API server of a Kubernetes cluster, which is asked about tokens of its service accounts (TokenReview). */
export class TokenReviewSection {
  @TextField('URL of the API server', { required: true, example: 'https://kubernetes.default.svc' })
  readonly server!: string;

  @FileField("PEM of the only authorities to trust there; left out: `network.caFile`, or else the system's", {
    example: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
  })
  readonly caFile?: FileText;

  @FileField(
    'the token that says who we are, of a service account with `system:auth-delegator`; read again when it changes; left out: `network.bearerTokenFile`',
    { example: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
  )
  readonly bearerTokenFile?: FileText;

  @TextList(
    'what tokens have to be for, one of these, never the API server itself; left out: the `audiences` of the registration',
    { min: 1, example: ['https://orders.corp.example'] },
  )
  readonly audiences?: readonly string[];
}
