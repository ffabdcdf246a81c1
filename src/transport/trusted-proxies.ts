import ipaddr from 'ipaddr.js';
import { BlockList, isIP } from 'node:net';

/** Addresses of which it is remembered whether they are trusted; then all are forgotten. */
const MOST_KNOWN = 1_000;

/** The peers whose `X-Forwarded-For` we believe. With an empty list no peer is believed. */
export class TrustedProxies {
  private readonly list = new BlockList();
  /** What was found out about addresses: asking the list costs as much as the rest of many a request. */
  private readonly known = new Map<string, boolean>();

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
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const version = isIP(address);
    const isTrusted = version !== 0 && this.list.check(address, version === 4 ? 'ipv4' : 'ipv6');
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    if (version !== 0) this.known.set(address, isTrusted);
    return isTrusted;
  }
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.parse(text);
  return [address, 8 * address.toByteArray().length];
}
