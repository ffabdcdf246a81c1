import ipaddr from 'ipaddr.js';
import { BlockList, isIP } from 'node:net';

/** The peers whose `X-Forwarded-For` we believe. An empty list believes nobody (H-15). */
export class TrustedProxies {
  private readonly list = new BlockList();

  /**
   * @param ranges CIDR blocks or single addresses
   * @throws {Error} when one of them is neither
   */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : wholeAddress(range);
      this.list.addSubnet(address.toString(), bits, address.kind());
    }
  }

  /** Whether `address` is a trusted proxy. What is no address is not. */
  trusts(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.parse(text);
  return [address, 8 * address.toByteArray().length];
}
