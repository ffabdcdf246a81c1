import ipaddr from 'ipaddr.js';

/** What counts as one source: of IPv6 the /64 that a host has to itself; an IPv4 address is the same however it is written. */
export function networkOf(source: string): string {
  if (!source.includes(':') || !ipaddr.isValid(source)) return source;
  const address = ipaddr.process(source);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.parts.slice(0, 4).join(':');
}
