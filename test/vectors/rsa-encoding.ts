import { constants, createHash, privateEncrypt, type KeyObject } from 'node:crypto';

/** Octets of a 2048-bit modulus. */
export const MODULUS_OCTETS = 256;

/** DER of DigestInfo up to the digest, RFC 8017 §9.2 note 1. */
export const digestInfo = {
  sha256: Buffer.from('3031300d060960864801650304020105000420', 'hex'),
  sha1: Buffer.from('3021300906052b0e03021a05000414', 'hex'),
  sha512: Buffer.from('3051300d060960864801650304020305000440', 'hex'),
  withoutNull: Buffer.from('302f300b06096086480165030402010420', 'hex'),
  longLengths: Buffer.from('308131300d060960864801650304020105000420', 'hex'),
  indefiniteLength: Buffer.from('3080300d060960864801650304020105000420', 'hex'),
} as const;

/** EMSA-PKCS1-v1_5 with any content and any padding (RFC 8017 §9.2). */
export function pkcs1(content: Buffer, padding = Buffer.alloc(MODULUS_OCTETS - 3 - content.length, 0xff)): Buffer {
  return Buffer.concat([Buffer.from([0, 1]), padding, Buffer.alloc(1), content]);
}

/** The private operation on a message representative that is already encoded. */
export function signEncoded(privateKey: KeyObject, encoded: Buffer): Buffer {
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

/** What EMSA-PSS may be made of (RFC 8017 §9.1.1). */
export interface PssOptions {
  readonly saltLength?: number;
  readonly mgfHash?: string;
  readonly trailer?: number;
  /** Sets the bit that must be zero. */
  readonly topBit?: boolean;
}

/** EMSA-PSS over SHA-256 for a 2048-bit modulus, by hand. */
export function pss(
  input: string,
  { saltLength = 32, mgfHash = 'sha256', trailer = 0xbc, topBit = false }: PssOptions,
): Buffer {
  const salt = Buffer.alloc(saltLength, 7);
  const digest = createHash('sha256').update(input).digest();
  const h = createHash('sha256').update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const zeros = Buffer.alloc(MODULUS_OCTETS - saltLength - h.length - 2);
  const block = Buffer.concat([zeros, Buffer.from([1]), salt]);
  const masked = block.map((octet, i) => octet ^ mgf1(h, mgfHash, i));
  masked[0] = topBit ? masked[0]! | 0x80 : masked[0]! & 0x7f;
  return Buffer.concat([masked, h, Buffer.from([trailer])]);
}

/** One octet of MGF1, RFC 8017 appendix B.2.1. */
function mgf1(seed: Buffer, hash: string, index: number): number {
  const size = createHash(hash).digest().length;
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(Math.floor(index / size));
  return createHash(hash).update(seed).update(counter).digest()[index % size]!;
}

/** SHA-256 of the signing input. */
export function sha256(input: string): Buffer {
  return createHash('sha256').update(input).digest();
}
