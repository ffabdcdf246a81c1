/** Octets as a number, big-endian. */
export function toBigInt(octets: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(octets).toString('hex')}`);
}

/** A number as octets, big-endian, left-padded to `length`. */
export function toOctets(value: bigint, length = 0): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.alloc(Math.max(0, length - octets.length)), octets]);
}

/** A number as a JWK writes it. */
export function toBase64Url(value: bigint): string {
  return toOctets(value).toString('base64url');
}

/** `base` to the power of `exponent`, modulo `modulus`. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if (rest & 1n) result = (result * square) % modulus;
  }
  return result;
}

/** The largest number whose cube is at most `value`. */
export function cubeRoot(value: bigint): bigint {
  let low = 0n;
  for (let bit = 1n << BigInt(Math.ceil(value.toString(2).length / 3)); bit > 0n; bit >>= 1n) {
    if ((low + bit) ** 3n <= value) low += bit;
  }
  return low;
}
