import { JsonField, ListOf, Section, TextList } from '../../shared/configuration/composite-fields.js';
import { FlagField, IntegerField, SecretField, TextField } from '../../shared/configuration/scalar-fields.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import { InstantField } from '../methods/secret/instant-field.js';

/** One secret of a caller. In the file a plain text, or a mapping where it ends at some time. */
export class SecretSection {
  @SecretField('the secret', { required: true, example: '${file:/run/secrets/orders}' })
  readonly value!: string;

  @InstantField('from then on it is refused', { example: '2026-12-01T00:00:00Z' })
  readonly expires?: number;
}

/** `private_key_jwt` (RFC 7523): with which keys the caller signs its assertions. */
export class AssertionSection {
  @TextField("URL of the caller's key set", { example: 'https://orders.corp.example/jwks' })
  readonly jwksUri?: string;

  @JsonField("the caller's JWK Set of public keys, written out here")
  readonly jwks?: Readonly<Record<string, unknown>>;

  @TextList('signature algorithms; absent: every asymmetric one that fits a key', { min: 1, words: algorithmNames })
  readonly algorithms?: readonly Algorithm[];
}

/** `tls_client_auth` (RFC 8705 §2.1): what the caller's certificate must say; exactly one of them. */
export class CertificateSection {
  @TextField('distinguished name of the subject (RFC 4514)', { example: 'CN=orders,O=Corp' })
  readonly subjectDn?: string;

  @TextField('DNS name among the subject alternative names', { example: 'orders.shop.svc' })
  readonly sanDns?: string;

  @TextField('URI among the subject alternative names, such as a SPIFFE ID', {
    example: 'spiffe://corp.example/ns/shop/sa/orders',
  })
  readonly sanUri?: string;

  @TextField('SHA-256 of the certificate, base64url or hexadecimal', {
    example: 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0',
  })
  readonly thumbprint?: string;
}

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

/** How often a caller may ask. */
export class RateLimitSection {
  @IntegerField('requests per second in the long run', { required: true, min: 1, max: 1_000_000 })
  readonly perSecond!: number;

  @IntegerField('requests at once', { required: true, min: 1, max: 1_000_000 })
  readonly burst!: number;

  @FlagField('all replicas together, counted in Redis; while it is away, each replica by itself', { default: false })
  readonly shared!: boolean;
}

/** A right must be written out, if need be as the word `any`: absence is never permission. */
const grant = { required: true, any: true } as const;

/** One service that may ask, how it proves who it is, and what it may see. */
export class CallerSection {
  @TextField('its `client_id`, and its name in logs and metrics', { required: true, example: 'orders-api' })
  readonly id!: string;

  @ListOf('`client_secret_basic` and `client_secret_post`; several make a rotation', () => SecretSection, {
    shortForm: 'value',
    example: ['${file:/run/secrets/orders}'],
  })
  readonly secrets?: readonly SecretSection[];

  @Section('`private_key_jwt`', () => AssertionSection)
  readonly assertion?: AssertionSection;

  @Section('`tls_client_auth`', () => CertificateSection)
  readonly certificate?: CertificateSection;

  @Section('bearer token of a registered issuer', () => CallerTokenSection)
  readonly token?: CallerTokenSection;

  @TextList('ids of the issuers whose tokens it may see, or the word any', { ...grant, example: ['corp'] })
  readonly issuers!: readonly string[] | 'any';

  @TextList('a token must name one of these in `aud`, or the word any', {
    ...grant,
    example: ['https://api.corp.example'],
  })
  readonly audiences!: readonly string[] | 'any';

  @TextList('claims it may see beyond active, exp, iat, iss, aud, client_id, token_type and cnf, or the word any', {
    ...grant,
    example: ['sub', 'scope'],
  })
  readonly claims!: readonly string[] | 'any';

  @Section('how often it may ask', () => RateLimitSection)
  readonly rateLimit?: RateLimitSection;

  @FlagField('a profile for proxies: `/authorize` and ext_authz. It needs no way to authenticate', { default: false })
  readonly proxy!: boolean;

  @TextField('URL of the protected resource metadata (RFC 9728) that challenges to clients of the proxy name', {
    example: 'https://api.corp.example/.well-known/oauth-protected-resource',
  })
  readonly resourceMetadata?: string;
}
