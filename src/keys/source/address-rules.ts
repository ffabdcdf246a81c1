/** Decides to which addresses we connect for an issuer, so that no issuer can make us ask our own network. */
import ipaddr from 'ipaddr.js';

/** Which addresses an issuer may name. */
export interface AddressTerms {
  /** Also loopback, the private ranges, and those that service meshes make up. */
  readonly allowPrivate: boolean;
}

/** Ranges that an issuer on our own network may use. Link-local is not one: that is where clouds keep credentials. */
const privateRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/**
 * Where service meshes and clusters take addresses from that they make up for services of their own: class E (Istio gives
 * out 240.240.0.0/16, Consul and Kuma all of it), and the IPv6 block for benchmarks (Istio gives out 2001:2::/48).
 */
const meshNetworks = [ipaddr.parseCIDR('240.0.0.0/4'), ipaddr.parseCIDR('2001:2::/48')];

const BROADCAST = '255.255.255.255';

/** Metadata services of clouds that live in ordinary ranges: Azure, Alibaba, AWS over IPv6. No issuer is there. */
const metadataServices: ReadonlySet<string> = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);

/** Global unicast (RFC 4291 §2.4). Outside of it are mapped, translated and never assigned addresses. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** The well-known prefix of NAT64 (RFC 6052 §2.1): the last 32 bits are the IPv4 address that is really meant. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Whether we may connect to `address`, an IP literal as the resolver returns it (attacks F-11, F-12). An address that a NAT64
 * resolver has made of an IPv4 address is judged as that one, which must be public: RFC 6052 §3.1 forbids the well-known prefix
 * for any other, whatever is allowed here. What embeds addresses in other ways (mapped, 6to4, Teredo) is refused as a whole.
 */
export function isAllowedAddress(address: string, { allowPrivate }: AddressTerms): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.parse(address);
  const embedded = embeddedIn(ip);
  return embedded ? isAllowed(embedded, false) : isAllowed(ip, allowPrivate);
}

function embeddedIn(ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  if (ip instanceof ipaddr.IPv4 || ip.zoneId !== undefined || !ip.match(nat64)) return undefined;
  return new ipaddr.IPv4(ip.toByteArray().slice(-4));
}

function isAllowed(ip: ipaddr.IPv4 | ipaddr.IPv6, allowPrivate: boolean): boolean {
  if (metadataServices.has(ip.toString())) return false;
  const range = ip.range();
  if (range === 'unicast') return ip instanceof ipaddr.IPv4 || ip.match(globalUnicast);
  return allowPrivate && (privateRanges.has(range) || isOfMesh(ip));
}

function isOfMesh(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ip.toString() === BROADCAST) return false;
  return meshNetworks.some(([network, bits]) => ip.kind() === network.kind() && ip.match(network, bits));
}
