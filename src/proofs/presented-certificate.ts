/** Reads which client certificate a proxy has seen, in each form in which proxies say it. */
import { hash } from 'node:crypto';
import { headerValues } from '../transport/http/peer-of-request.js';

/** Forms in which proxies say which certificate their client has. */
export const certificateForms = ['xfcc', 'client-cert', 'escaped-pem', 'envoy'] as const;

/** One of {@link certificateForms}. */
export type CertificateForm = (typeof certificateForms)[number];

/** Where the proxy says which certificate its client has. */
export interface CertificateSource {
  readonly form: CertificateForm;
  /** Name of the header, lower case; empty where Envoy says it beside the request. */
  readonly header: string;
}

/** What a proxy has said about its client's request. */
export interface CertificateCarrier {
  /** Name, value, name, value, as received. */
  readonly headers: readonly string[];
  /** The certificate that Envoy names beside the request (`source.certificate`). */
  readonly certificate?: string | undefined;
}

/** Where each form is found, unless the profile names another header. */
export const usualHeaders: Readonly<Record<CertificateForm, string>> = {
  xfcc: 'x-forwarded-client-cert',
  'client-cert': 'client-cert',
  'escaped-pem': 'ssl-client-cert',
  envoy: '',
};

/**
 * SHA-256 of the client certificate that the proxy names, base64url: the `x5t#S256` of RFC 8705 §3.1. The certificate is not judged:
 * that its client has the key is what the proxy has found out, and the token says which one it must be.
 * @returns `undefined` where there is none, or not exactly one
 */
export function presentedThumbprint(
  { form, header }: CertificateSource,
  carrier: CertificateCarrier,
): string | undefined {
  const [value = '', another] = form === 'envoy' ? [carrier.certificate] : headerValues(carrier.headers, header);
  if (value === '' || another !== undefined) return undefined;
  switch (form) {
    case 'xfcc':
      return thumbprintInXfcc(value);
    case 'client-cert':
      return thumbprintOf(/^:([^:]*):$/.exec(value)?.[1]);
    case 'escaped-pem':
    case 'envoy':
      return thumbprintOf(contentOfPem(value));
  }
}

/** One pair of Envoy's header and what stands behind it: a value may be quoted, and then have any of the delimiters in it. */
const xfccPair = /([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^",;=]*))(;|$)/y;

/** A comma ends the first element, and so no pair fits: of several certificates it is not known which one is the client's. */
function thumbprintInXfcc(value: string): string | undefined {
  const hashes: string[] = [];
  for (xfccPair.lastIndex = 0; xfccPair.lastIndex < value.length;) {
    const [whole, key = '', quoted, plain = ''] = xfccPair.exec(value) ?? [];
    if (whole === undefined) return undefined;
    if (key.toLowerCase() === 'hash') hashes.push(quoted ?? plain);
  }
  const [digest = '', another] = hashes;
  return another === undefined && /^[0-9a-f]{64}$/i.test(digest)
    ? Buffer.from(digest, 'hex').toString('base64url')
    : undefined;
}

/** Base64 of the one certificate in it. Traefik leaves the lines around it out. */
function contentOfPem(escaped: string): string | undefined {
  let text: string;
  try {
    text = decodeURIComponent(escaped).trim();
  } catch {
    return undefined;
  }
  const [, framed] = /^-----BEGIN CERTIFICATE-----\s(.*)\s-----END CERTIFICATE-----$/s.exec(text) ?? [];
  return (framed ?? text).replace(/[\r\n\t ]/g, '');
}

/** @param base64 in its one spelling, with padding */
function thumbprintOf(base64: string | undefined): string | undefined {
  if (base64 === undefined || base64 === '') return undefined;
  const der = Buffer.from(base64, 'base64');
  return der.toString('base64') === base64 ? hash('sha256', der, 'base64url') : undefined;
}
