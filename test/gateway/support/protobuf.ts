/** One length-delimited field of a message, for tests that write octets by hand. */
export function lengthDelimited(number: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

/** A string as the content of a field. */
export function text(value: string): Buffer {
  return Buffer.from(value);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
