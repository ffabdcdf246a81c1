import ipaddr from 'ipaddr.js';

/**
 * What counts as one source where sources are limited or take turns. A host usually has a whole IPv6 /64 for itself, and could send from
 * each address of it, so that counts as one; an IPv4 address counts as one, however it is written.
 */
export function networkOf(source: string): string {
  if (!source.includes(':') || !ipaddr.isValid(source)) return source;
  const address = ipaddr.process(source);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.parts.slice(0, 4).join(':');
}
