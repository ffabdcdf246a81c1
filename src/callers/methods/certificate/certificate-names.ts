import { objectIdentifier, readDer, readOne, tags, type DerElement } from './der.js';

/** Who a certificate says it belongs to, read from its DER: no text form of it is ever parsed. */
export interface CertificateNames {
  /** The subject's RDNs in the order of the certificate, each a set of attributes. */
  readonly subject: readonly (readonly NameAttribute[])[];
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
}

/** An attribute of a distinguished name: its type, and its value as an element. */
export interface NameAttribute {
  /** Dotted object identifier. */
  readonly type: string;
  readonly value: DerElement;
}

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const tagOfVersion = 0xa0;
const tagOfExtensions = 0xa3;
const tagOfDnsName = 0x82;
const tagOfUri = 0x86;

/**
 * Reads the names of a certificate (RFC 5280 §4.1, §4.2.1.6).
 * @param raw DER
 * @throws {RangeError} where it is not a certificate
 */
export function namesOf(raw: Buffer): CertificateNames {
  const [toBeSigned] = readDer(readOne(raw).content);
  const fields = readDer(toBeSigned?.content ?? Buffer.alloc(0));
  // version?, serialNumber, signature, issuer, validity, subject, …
  const subject = fields[fields[0]?.tag === tagOfVersion ? 5 : 4];
  if (subject?.tag !== tags.sequence) throw new RangeError('a certificate without a subject');
  const names = alternativeNames(fields.find(({ tag }) => tag === tagOfExtensions));
  return {
    subject: readDer(subject.content).map(({ content }) => readDer(content).map(attribute)),
    dnsNames: names.filter(({ tag }) => tag === tagOfDnsName).map(ia5),
    uris: names.filter(({ tag }) => tag === tagOfUri).map(ia5),
  };
}

function attribute({ content }: DerElement): NameAttribute {
  const [type, value] = readDer(content);
  if (type?.tag !== tags.objectIdentifier || !value) throw new RangeError('not an attribute of a name');
  return { type: objectIdentifier(type.content), value };
}

/** The GeneralNames of the extension; none where there is no such extension. */
function alternativeNames(extensions: DerElement | undefined): readonly DerElement[] {
  if (!extensions) return [];
  for (const { content } of readDer(readOne(extensions.content).content)) {
    const members = readDer(content);
    const value = members.at(-1);
    if (!members[0] || !value || objectIdentifier(members[0].content) !== SUBJECT_ALTERNATIVE_NAME) continue;
    return readDer(readOne(value.content).content);
  }
  return [];
}

function ia5({ content }: DerElement): string {
  return content.toString('latin1');
}
