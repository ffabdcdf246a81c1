/** Compares distinguished names as RFC 5280 says, whatever way they are written. */
import type { NameAttribute } from './certificate-names.js';
import { readOne, type DerElement } from './der.js';

/** Short names of attribute types: RFC 4514 §3, and those that certificates use besides. */
const types: ReadonlyMap<string, string> = new Map([
  ['CN', '2.5.4.3'],
  ['L', '2.5.4.7'],
  ['ST', '2.5.4.8'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['C', '2.5.4.6'],
  ['STREET', '2.5.4.9'],
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['UID', '0.9.2342.19200300.100.1.1'],
  ['SERIALNUMBER', '2.5.4.5'],
  ['TITLE', '2.5.4.12'],
  ['GIVENNAME', '2.5.4.42'],
  ['SURNAME', '2.5.4.4'],
  ['ORGANIZATIONIDENTIFIER', '2.5.4.97'],
  ['EMAILADDRESS', '1.2.840.113549.1.9.1'],
]);

/** How the string types of ASN.1 are decoded; what is not among them is compared by its octets. */
const decoders: ReadonlyMap<number, string> = new Map([
  [12, 'utf-8'], // UTF8String
  [19, 'latin1'], // PrintableString
  [20, 'latin1'], // TeletexString, as it is commonly read
  [22, 'latin1'], // IA5String
  [30, 'utf-16be'], // BMPString
]);

const attributeText =
  / *([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+) *= *(#(?:[0-9A-Fa-f]{2})+|(?:\\(?:[ "#+,;<=>\\]|[0-9A-Fa-f]{2})|[^"+,;<>\\\0])*)(,|\+|$)/y;

/**
 * The form in which two distinguished names are compared (RFC 5280 §7.1): the order of RDNs counts, the order inside
 * one does not; neither do case, repeated spaces, escaping, and which string type a value is written in.
 * @param rdns in the order of the certificate
 */
export function canonicalName(rdns: readonly (readonly NameAttribute[])[]): string {
  return canonical(rdns.map((rdn) => rdn.map(({ type, value }) => [type, comparableValue(value)])));
}

/**
 * The same form of an RFC 4514 string such as `CN=orders,OU=shop,O=Example`, which names the last RDN first.
 * @returns undefined where it is not one
 */
export function canonicalNameOfText(text: string): string | undefined {
  const rdns: [string, string][][] = [[]];
  attributeText.lastIndex = 0;
  for (;;) {
    const [, type = '', value = '', separator] = attributeText.exec(text) ?? [];
    const attribute = comparableAttribute(type, value);
    if (separator === undefined || !attribute) return undefined;
    rdns.at(-1)?.push(attribute);
    if (separator === '') return canonical(rdns.reverse());
    if (separator === ',') rdns.push([]);
  }
}

function canonical(rdns: readonly (readonly (readonly [string, string])[])[]): string {
  return JSON.stringify(rdns.map((rdn) => rdn.map((attribute) => JSON.stringify(attribute)).sort()));
}

function comparableAttribute(type: string, value: string): [string, string] | undefined {
  const dotted = /^\d/.test(type) ? type : types.get(type.toUpperCase());
  const comparable = comparableText(value);
  return dotted === undefined || comparable === undefined ? undefined : [dotted, comparable];
}

/** RFC 4514 §2.4: a value is text with escapes, or `#` and the hexadecimal octets of its encoding. */
function comparableText(value: string): string | undefined {
  try {
    if (value.startsWith('#')) return comparableValue(readOne(Buffer.from(value.slice(1), 'hex')));
    const folded = fold(new TextDecoder('utf-8', { fatal: true }).decode(unescaped(value)));
    return folded === '' ? undefined : folded;
  } catch {
    return undefined;
  }
}

function unescaped(value: string): Buffer {
  const parts = [...value.matchAll(/\\([0-9A-Fa-f]{2})|\\(.)|([^\\]+)/gs)];
  return Buffer.concat(
    parts.map(([, hex, char, plain]) => (hex ? Buffer.from(hex, 'hex') : Buffer.from(char ?? plain ?? ''))),
  );
}

function comparableValue({ tag, content, encoded }: DerElement): string {
  const charset = decoders.get(tag);
  return charset === undefined ? `#${encoded.toString('hex')}` : fold(new TextDecoder(charset).decode(content));
}

/** RFC 4518 as far as it concerns names: composed characters, no case, no insignificant space. A NUL stays what it is. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/ +/g, ' ').replace(/^ | $/g, '');
}
