/** Tags of ASN.1 (X.690 §8.3, §8.9). */
const INTEGER = 0x02;
const SEQUENCE = 0x30;

/** From here on a length takes two octets (X.690 §8.1.3.5); none of ours takes three. */
const LONG_FORM = 0x80;

/**
 * An ECDSA signature as RFC 3279 §2.2.3 writes it, `SEQUENCE { r INTEGER, s INTEGER }` in DER.
 * @param signature as RFC 7518 §3.4 writes it: R and S, of equal length, at most 66 octets each
 */
export function derSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  const body = Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))]);
  const length = body.length < LONG_FORM ? [body.length] : [LONG_FORM | 1, body.length];
  return Buffer.concat([Buffer.from([SEQUENCE, ...length]), body]);
}

/** In as few octets as there can be; one more where the first would otherwise mean a negative number. */
function integer(octets: Uint8Array): Buffer {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const digits = octets.subarray(start);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([INTEGER, digits.length + sign.length, ...sign, ...digits]);
}
