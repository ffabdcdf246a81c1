import { TextField } from '../../../shared/configuration/scalar-fields.js';

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
