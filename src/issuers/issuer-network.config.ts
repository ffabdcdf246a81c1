/** How the servers that keys, answers and regions come from are reached, as the configuration says it. */
import { nothingOf } from '../shared/configuration/nothing-of.js';
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { FileText } from '../shared/configuration/field.js';
import type { Place } from '../shared/configuration/place.js';
import { FileField, FlagField, OneOfField, TextField } from '../shared/configuration/scalar-fields.js';
import type { IssuerNetwork, ProxyTerms } from './issuer-network.js';
import { headerValueOf, RequestHeadersField, type RequestHeaderFiles } from './request-headers.config.js';

/** How a server may be reached, whatever it is asked for. Nothing here can switch the check of a certificate off. */
export class ServerNetworkSection {
  @FileField('PEM of the only authorities to trust there; absent: those of the system', { example: 'ca.crt' })
  readonly caFile?: FileText;

  @TextField(
    'forward proxy (CONNECT) to go through; it resolves the names of hosts, so only it can keep us from private addresses. The proxies of the environment are never used',
    { example: 'http://proxy.corp.example:3128' },
  )
  readonly proxyUrl?: string;

  @FileField('`user:password` for the proxy; read again when it changes', { example: '/run/secrets/proxy' })
  readonly proxyCredentialsFile?: FileText;

  @FileField('PEM of the certificate that we show (mutual TLS), with its chain; read again when it changes', {
    example: 'client.crt',
  })
  readonly clientCertificateFile?: FileText;

  @FileField('PEM of the private key of that certificate', { example: 'client.key' })
  readonly clientKeyFile?: FileText;
}

/** How a key source may be reached, an issuer's or a caller's. */
export class IssuerNetworkSection extends ServerNetworkSection {
  @FlagField('allow addresses that are not public, and plain http to loopback', { default: false })
  readonly allowPrivate!: boolean;

  @FileField('sent as a bearer token to the hosts that this configuration names; read again when it changes', {
    example: '/var/run/secrets/kubernetes.io/serviceaccount/token',
  })
  readonly bearerTokenFile?: FileText;

  @RequestHeadersField(
    'request headers that the server demands, each from a file, read again when it changes; sent only to the hosts that this configuration names',
    { example: { 'api-key': { file: '/run/secrets/idp-api-key' } } },
  )
  readonly headers?: RequestHeaderFiles;

  @OneOfField('sameHost: follow at most 3 redirects, which must keep scheme, host and port; absent: never', {
    words: ['never', 'sameHost'],
  })
  readonly followRedirects?: 'never' | 'sameHost';
}

/** Makes the section ready. @returns undefined after reporting every problem */
export function prepareNetwork(section: IssuerNetworkSection, place: Place): IssuerNetwork | undefined {
  const { allowPrivate, caFile, bearerTokenFile, headers, followRedirects, ...others } = section;
  const { proxyUrl, proxyCredentialsFile, clientCertificateFile, clientKeyFile, ...forgotten } = others;
  const bearerToken = bearerTokenFile?.text.trim();
  if (caFile && !isCertificate(caFile.text)) {
    place.at('caFile').refuse('no certificate', 'PEM certificates of authorities');
  }
  if (bearerToken !== undefined && !visible.test(bearerToken)) {
    const expected = 'a bearer token of visible ASCII characters (RFC 6750 §2.1)';
    place.at('bearerTokenFile').refuse('something else', expected);
  }
  if (bearerTokenFile && headers?.has('authorization')) {
    place.at('headers').at('authorization').refuse('bearerTokenFile as well', 'exactly one of them');
  }
  const clientCertificate = preparePair(clientCertificateFile, clientKeyFile, place);
  const proxy = prepareProxy({ proxyUrl, proxyCredentialsFile, allowPrivate }, place);
  if (!place.isSound) return undefined;
  return {
    ...nothingOf(forgotten),
    allowPrivate,
    ...(caFile === undefined ? {} : { ca: caFile.text }),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(headers === undefined ? {} : { headers: valuesOf(headers) }),
    ...(followRedirects === 'sameHost' ? { followsRedirects: true } : {}),
    ...(proxy && { proxy }),
    ...(clientCertificate && { clientCertificate }),
  };
}

function valuesOf(headers: RequestHeaderFiles): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].map(([name, file]) => [name, headerValueOf(file)]));
}

/** Without both, or with a key of another certificate, every connection would fail, for ever. */
function preparePair(
  certificate: FileText | undefined,
  key: FileText | undefined,
  place: Place,
): IssuerNetwork['clientCertificate'] {
  if (certificate && !key) place.at('clientKeyFile').refuse('nothing', 'the key of clientCertificateFile');
  if (key && !certificate) place.at('clientCertificateFile').refuse('nothing', 'the certificate of clientKeyFile');
  if (!certificate || !key) return undefined;
  const pair = { certificate: certificate.text, key: key.text };
  if (isPair(pair)) return pair;
  const expected = 'PEM of a certificate, and of its private key in clientKeyFile';
  place.at('clientCertificateFile').refuse('files that do not make a client certificate', expected);
  return undefined;
}

function isPair({ certificate, key }: { readonly certificate: string; readonly key: string }): boolean {
  try {
    createSecureContext({ cert: certificate, key });
    return true;
  } catch {
    return false;
  }
}

type ProxySettings = Pick<IssuerNetworkSection, 'allowPrivate'> & {
  readonly [Key in 'proxyUrl' | 'proxyCredentialsFile']: IssuerNetworkSection[Key] | undefined;
};

function prepareProxy(settings: ProxySettings, place: Place): ProxyTerms | undefined {
  const { proxyUrl, proxyCredentialsFile, allowPrivate } = settings;
  if (proxyUrl === undefined) {
    if (proxyCredentialsFile) place.at('proxyCredentialsFile').refuse('no proxyUrl', 'it only beside proxyUrl');
    return undefined;
  }
  const at = place.at('proxyUrl');
  const defect = proxyDefect(proxyUrl);
  // What was written is not repeated: people write passwords into such URLs.
  if (defect) at.refuse(defect.found, defect.expected);
  if (defect) return undefined;
  if (!allowPrivate) {
    const remedy = 'a proxy that refuses them itself; then allowPrivate: true says that this is known';
    at.warn('behind a proxy addresses that are not public cannot be refused here', remedy);
  }
  const { hostname, port } = new URL(proxyUrl);
  const address = { hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) };
  if (!proxyCredentialsFile) return address;
  const pair = proxyCredentialsFile.text.trim();
  if (/^[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]*$/.test(pair)) {
    return { ...address, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
  place.at('proxyCredentialsFile').refuse('something else', 'user:password of visible ASCII characters (RFC 7617 §2)');
  return undefined;
}

function proxyDefect(text: string): { readonly found: string; readonly expected: string } | undefined {
  const expected = 'an http URL with nothing but host and port, such as http://proxy.corp.example:3128';
  if (!URL.canParse(text)) return { found: 'not an absolute URL', expected };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return { found: 'user information in the URL', expected: `${expected}; the credentials in proxyCredentialsFile` };
  }
  if (url.protocol === 'https:') {
    const reason = 'TLS to the issuer goes through the proxy unbroken, and TLS to the proxy itself is not supported';
    return { found: 'not an http URL', expected: `${expected}: ${reason}` };
  }
  const isPlain = url.protocol === 'http:' && url.hostname !== '' && url.pathname === '/';
  return isPlain && url.search === '' && !text.includes('#')
    ? undefined
    : { found: 'not the URL of a proxy', expected };
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
