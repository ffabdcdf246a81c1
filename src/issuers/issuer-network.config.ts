import { nothingOf } from '../shared/configuration/nothing-of.js';
import { X509Certificate } from 'node:crypto';
import type { FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { FileField, FlagField } from '../shared/configuration/scalar-fields.js';
import type { IssuerNetwork } from './issuer.js';

/** How a key source may be reached, an issuer's or a caller's. Nothing here can switch the check of a certificate off. */
export class IssuerNetworkSection {
  @FlagField('allow addresses that are not public, and plain http to loopback', { default: false })
  readonly allowPrivate!: boolean;

  @FileField('PEM of the only authorities to trust there; absent: those of the system', { example: 'ca.crt' })
  readonly caFile?: FileText;

  @FileField('sent as a bearer token to the hosts that this configuration names; read again when it changes', {
    example: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  })
  readonly bearerTokenFile?: FileText;
}

/** Makes the section ready. @returns undefined after reporting every problem */
export function prepareNetwork(
  { allowPrivate, caFile, bearerTokenFile, ...forgotten }: IssuerNetworkSection,
  place: Place,
): IssuerNetwork | undefined {
  const bearerToken = bearerTokenFile?.text.trim();
  const hasAuthorities = caFile === undefined || isCertificate(caFile.text);
  const hasToken = bearerToken === undefined || visible.test(bearerToken);
  if (!hasAuthorities) place.at('caFile').refuse('no certificate', 'PEM certificates of authorities');
  if (!hasToken) {
    const expected = 'a bearer token of visible ASCII characters (RFC 6750 §2.1)';
    place.at('bearerTokenFile').refuse('something else', expected);
  }
  if (!hasAuthorities || !hasToken) return undefined;
  return {
    ...nothingOf(forgotten),
    allowPrivate,
    ...(caFile === undefined ? {} : { ca: caFile.text }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
  };
}

const visible = /^[\x21-\x7e]+$/;

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
