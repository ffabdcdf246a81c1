/** What the configuration can say of proofs. */
import { Section, TextList } from '../shared/configuration/composite-fields.js';
import { DurationField, FlagField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import { algorithmNames, type Algorithm } from '../tokens/algorithms.js';
import { certificateForms, type CertificateForm } from './presented-certificate.js';
import {
  noncePolicies,
  replayScopes,
  unsharedPolicies,
  usualDpopTerms,
  type NoncePolicy,
  type ReplayScope,
  type UnsharedPolicy,
} from './proof-terms.js';

/** DPoP (RFC 9449): clients prove with each request that they have the key that their token is bound to. */
export class DpopSection {
  @TextList('signature algorithms of proofs; absent: all but ML-DSA', { min: 1, words: algorithmNames })
  readonly algorithms?: readonly Algorithm[];

  @DurationField('longest time since a proof was made', {
    default: usualDpopTerms.maxAgeSeconds * 1000,
    min: 5_000,
    max: 300_000,
  })
  readonly maxAge!: number;

  @OneOfField(
    'where it is remembered which proofs were used: off = nowhere, and a proof that was overheard can be used again until `maxAge`; ' +
      'local = in each replica; shared = in Redis, for all replicas',
    { words: replayScopes, default: usualDpopTerms.replay },
  )
  readonly replay!: ReplayScope;

  @OneOfField(
    'with `replay: shared`, while Redis is away: accept = what this replica remembers decides; refuse = 503',
    { words: unsharedPolicies, default: usualDpopTerms.onUnknown },
  )
  readonly onUnknown!: UnsharedPolicy;

  @OneOfField(
    'required = a proof must have a nonce that Assay gave in the last three minutes, and is refused with one where it has none; ' +
      'several replicas need `redis` for it, whose `recordKeys` make the nonces',
    { words: noncePolicies, default: usualDpopTerms.nonce },
  )
  readonly nonce!: NoncePolicy;

  @FlagField(
    'whether the proxy itself gives every request a new, random `X-Request-Id`, whatever its client sends: then a proof is good again for 5 s ' +
      'for the same one, because some proxies ask twice about a request. Where clients can choose that header, whoever has overheard a ' +
      'request can repeat it',
    { default: usualDpopTerms.proxySetsRequestId },
  )
  readonly proxySetsRequestId!: boolean;
}

/** What clients can prove, so that a token that is bound to a key of theirs is good. */
export class ProofsSection {
  @TextField('the origin that clients see, which DPoP proofs are made for', { example: 'https://api.corp.example' })
  readonly origin?: string;

  @Section('DPoP proofs (RFC 9449); absent: a token that needs one is refused', () => DpopSection)
  readonly dpop?: DpopSection;

  @OneOfField(
    "where the proxy says which certificate its client has, for tokens that are bound to one (RFC 8705): xfcc = Envoy's " +
      "`X-Forwarded-Client-Cert`; client-cert = `Client-Cert` of RFC 9440; escaped-pem = a header with nginx's `$ssl_client_escaped_cert`; " +
      'envoy = the attributes of ext_authz; absent: such a token is refused',
    { words: certificateForms },
  )
  readonly certificateFrom?: CertificateForm;

  @TextField('name of the header with the certificate, for escaped-pem; left out: `ssl-client-cert`', {
    // RFC 9110 §5.6.2.
    pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/,
    expected: 'the name of a header',
    example: 'X-SSL-Client-Cert',
  })
  readonly certificateHeader?: string;
}
