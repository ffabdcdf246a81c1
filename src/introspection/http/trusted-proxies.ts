import { BlockList, isIP } from 'node:net';

/** The peers whose `X-Forwarded-For` we believe. An empty list believes nobody (H-15). */
export class TrustedProxies {
  private readonly list = new BlockList();

  /**
   * @param ranges CIDR blocks or single addresses
   * @throws {TypeError} when one of them is neither
   */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.add(range);
  }

  /** Whether `address` is a trusted proxy. What is no address is not. */
  trusts(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.list.check(address, family(version));
  }

  private add(range: string): void {
    const [address = '', prefix] = range.split('/', 2);
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
    if (version === 0 || !/^\d*$/.test(prefix ?? '') || prefix === '' || bits > (version === 4 ? 32 : 128)) {
      throw new TypeError('not a CIDR block or an address');
    }
    this.list.addSubnet(address, bits, family(version));
  }
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 4 ? 'ipv4' : 'ipv6';
}
