/** Compares the names in a client certificate with what the caller has registered (`tls_client_auth`). */
import { createHash, type X509Certificate } from 'node:crypto';
import { TextField } from '../../../shared/configuration/scalar-fields.js';
import { namesOf } from './certificate-names.js';
import { canonicalName, canonicalNameOfText } from './distinguished-name.js';

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

/** Why a registration cannot be used; a constant sentence that says what is expected. */
export class CertificateDefect {
  constructor(readonly expected: string) {}
}

/**
 * What a caller registered, as the one string that {@link identitiesOf} a fitting certificate contains (RFC 8705 §2.1.2):
 * a DNS name in any case and without wildcard, a URI exactly, a subject as RFC 5280 §7.1 compares names.
 */
export function registeredIdentity(registration: CertificateSection): string | CertificateDefect {
  const { subjectDn, sanDns, sanUri, thumbprint } = registration;
  const given = [subjectDn, sanDns, sanUri, thumbprint].filter((term) => term !== undefined);
  if (given.length !== 1) return new CertificateDefect('exactly one of subjectDn, sanDns, sanUri, thumbprint');
  if (subjectDn !== undefined) return ofSubject(canonicalNameOfText(subjectDn));
  if (sanDns !== undefined) return ofDnsName(sanDns);
  if (sanUri !== undefined) return ofUri(sanUri);
  return ofThumbprint(thumbprint ?? '');
}

/**
 * Everything that a certificate could be registered by.
 * @throws {RangeError} where it cannot be read
 */
export function identitiesOf(certificate: X509Certificate): readonly string[] {
  const { subject, dnsNames, uris } = namesOf(certificate.raw);
  return [
    `dn ${canonicalName(subject)}`,
    ...dnsNames.map((name) => `dns ${name.toLowerCase()}`),
    ...uris.filter((uri) => uris.length === 1 || !isSpiffeId(uri)).map((uri) => `uri ${uri}`),
    `x5t#S256 ${createHash('sha256').update(certificate.raw).digest('base64url')}`,
  ];
}

function ofSubject(canonical: string | undefined): string | CertificateDefect {
  return canonical === undefined
    ? new CertificateDefect('an RFC 4514 name such as CN=orders,OU=shop,O=Example')
    : `dn ${canonical}`;
}

function ofDnsName(name: string): string | CertificateDefect {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)
    ? `dns ${name.toLowerCase()}`
    : new CertificateDefect('a DNS name without wildcard, such as orders.shop.example');
}

function ofUri(uri: string): string | CertificateDefect {
  return /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(uri)
    ? `uri ${uri}`
    : new CertificateDefect('a URI such as spiffe://example.org/ns/shop/sa/orders');
}

function ofThumbprint(thumbprint: string): string | CertificateDefect {
  const hex = thumbprint.replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return `x5t#S256 ${Buffer.from(hex, 'hex').toString('base64url')}`;
  if (/^[A-Za-z0-9_-]{43}$/.test(thumbprint)) return `x5t#S256 ${thumbprint}`;
  return new CertificateDefect('SHA-256 of the certificate, in 43 characters of base64url or 64 of hexadecimal');
}

/** SPIFFE X.509-SVID §2: a certificate with two URIs is not an SVID. */
function isSpiffeId(uri: string): boolean {
  return uri.toLowerCase().startsWith('spiffe:');
}
