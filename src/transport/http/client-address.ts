import type { TrustedProxies } from '../trusted-proxies.js';

/**
 * Where a request comes from: as far as trusted proxies vouch for one another, what the first of them was told; otherwise the
 * peer. A proxy may forward anything, so the result is not always an address.
 * @param peer address of the other end of the connection
 * @param forwarded `X-Forwarded-For`, several lines joined with commas
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | readonly string[] | undefined,
  proxies: TrustedProxies,
): string | undefined {
  if (peer === undefined || forwarded === undefined || !proxies.trusts(peer)) return peer;
  const addresses = forwarded.toString().split(',');
  let client = peer;
  for (let i = addresses.length - 1; i >= 0 && proxies.trusts(client); i--) client = addresses[i]?.trim() ?? '';
  return client;
}
