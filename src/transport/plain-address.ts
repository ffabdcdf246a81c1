import { isIP } from 'node:net';

/** An IPv4 address that is written as an IPv6 address (`::ffff:192.0.2.1`) becomes plain IPv4, so that one peer has one name. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
