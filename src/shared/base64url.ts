/**
 * Decodes base64url without padding (RFC 4648 §5, RFC 7515 §2), in its one canonical spelling: no foreign character,
 * no padding, no stray trailing bits. Node skips what it does not know, so the text must come back from its own octets.
 * @returns the octets, or `undefined` where `text` is not canonical; the empty text is no octets
 */
export function decodeBase64Url(text: string): Buffer | undefined {
  const octets = Buffer.from(text, 'base64url');
  return octets.toString('base64url') === text ? octets : undefined;
}
