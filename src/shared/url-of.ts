import { isIPv6 } from 'node:net';

/** Base URL of a listener, without a slash at its end. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
