import ipaddr from 'ipaddr.js';

/** Which addresses an issuer may name. */
export interface AddressTerms {
  /** Also loopback and the private ranges. */
  readonly allowPrivate: boolean;
}

/** Ranges that an issuer on our own network may use. Link-local is not one: that is where clouds keep credentials. */
const privateRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Metadata services of clouds that live in ordinary ranges: Azure, Alibaba, AWS over IPv6. No issuer is there. */
const metadataServices: ReadonlySet<string> = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);

/** Global unicast (RFC 4291 §2.4). Outside of it are mapped, translated and never assigned addresses. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether we may connect to `address`, an IP literal as the resolver returns it (attacks F-11, F-12). Anything that embeds
 * another address (mapped, NAT64, 6to4, Teredo) is refused as a whole.
 */
export function isAllowedAddress(address: string, { allowPrivate }: AddressTerms): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.parse(address);
  if (metadataServices.has(ip.toString())) return false;
  const range = ip.range();
  if (range === 'unicast') return ip instanceof ipaddr.IPv4 || ip.match(globalUnicast);
  return allowPrivate && privateRanges.has(range);
}
