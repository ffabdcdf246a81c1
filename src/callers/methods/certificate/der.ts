/** One element of DER (ITU-T X.690): what it is, what is in it, and how it was written. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly encoded: Buffer;
}

/** Tags that certificates are read by. */
export const tags = { objectIdentifier: 0x06, sequence: 0x30 } as const;

/**
 * The elements that `bytes` is made of, one after the other.
 * @throws {RangeError} where they are not DER
 */
export function readDer(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    elements.push(element);
    at += element.encoded.length;
  }
  return elements;
}

/**
 * The one element that `bytes` is.
 * @throws {RangeError} where it is none, or more than one
 */
export function readOne(bytes: Buffer): DerElement {
  const [element, another] = readDer(bytes);
  if (!element || another) throw new RangeError('not one DER element');
  return element;
}

/** The dotted form of an object identifier (X.690 §8.19). */
export function objectIdentifier(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...others] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...others].join('.');
}

function elementAt(bytes: Buffer, at: number): DerElement {
  const tag = bytes.readUInt8(at);
  if ((tag & 0x1f) === 0x1f) throw new RangeError('tags of several octets do not occur in what we read');
  const first = bytes.readUInt8(at + 1);
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthOctets > 4) throw new RangeError('indefinite or absurd length');
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(at + 2, lengthOctets);
  const start = at + 2 + lengthOctets;
  if (start + length > bytes.length) throw new RangeError('truncated DER');
  return { tag, content: bytes.subarray(start, start + length), encoded: bytes.subarray(at, start + length) };
}
