import { createHash, type X509Certificate } from 'node:crypto';
import { namesOf } from './certificate-names.js';
import { canonicalName, canonicalNameOfText } from './distinguished-name.js';

/** What a caller's certificate must say; exactly one of them (RFC 8705 §2.1.2). */
export interface CertificateTerms {
  /** RFC 4514 string. */
  readonly subjectDn?: string;
  /** A DNS name of the subject alternative names: exact, without regard to case; no wildcard. */
  readonly sanDns?: string;
  /** A URI of the subject alternative names: exact. A SPIFFE ID must be the only one. */
  readonly sanUri?: string;
  /** SHA-256 of the DER: base64url (`x5t#S256`) or hexadecimal. */
  readonly thumbprint?: string;
}

/** Why terms cannot be used; a constant sentence that says what is expected. */
export class CertificateTermsDefect {
  constructor(readonly expected: string) {}
}

/** The terms as the one string that {@link identitiesOf} a fitting certificate contains. */
export function registeredIdentity(terms: CertificateTerms): string | CertificateTermsDefect {
  const { subjectDn, sanDns, sanUri, thumbprint } = terms;
  const given = [subjectDn, sanDns, sanUri, thumbprint].filter((term) => term !== undefined);
  if (given.length !== 1) return new CertificateTermsDefect('exactly one of subjectDn, sanDns, sanUri, thumbprint');
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

function ofSubject(canonical: string | undefined): string | CertificateTermsDefect {
  return canonical === undefined
    ? new CertificateTermsDefect('an RFC 4514 name such as CN=orders,OU=shop,O=Example')
    : `dn ${canonical}`;
}

function ofDnsName(name: string): string | CertificateTermsDefect {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)
    ? `dns ${name.toLowerCase()}`
    : new CertificateTermsDefect('a DNS name without wildcard, such as orders.shop.example');
}

function ofUri(uri: string): string | CertificateTermsDefect {
  return /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(uri)
    ? `uri ${uri}`
    : new CertificateTermsDefect('a URI such as spiffe://example.org/ns/shop/sa/orders');
}

function ofThumbprint(thumbprint: string): string | CertificateTermsDefect {
  const hex = thumbprint.replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return `x5t#S256 ${Buffer.from(hex, 'hex').toString('base64url')}`;
  if (/^[A-Za-z0-9_-]{43}$/.test(thumbprint)) return `x5t#S256 ${thumbprint}`;
  return new CertificateTermsDefect('SHA-256 of the certificate, in 43 characters of base64url or 64 of hexadecimal');
}

/** SPIFFE X.509-SVID §2: a certificate with two URIs is not an SVID. */
function isSpiffeId(uri: string): boolean {
  return uri.toLowerCase().startsWith('spiffe:');
}
