import { randomUUID } from 'node:crypto';
import { maskText } from '../telemetry/mask.js';
import type { TrustedProxies } from './trusted-proxies.js';

/** What may stand in a log line, a header field and a query as it is. */
const safe = /^[\w.-]{1,64}$/;

/**
 * The name of one request: in its answer, in log lines, spans and the audit trail. A trusted proxy may give it, so that it is the same in
 * the log of the proxy; what anybody else says, or what has another shape, or looks like a token, is not taken up.
 * @param given `X-Request-Id`; where it is there twice, it counts as absent
 * @param peer address of the other end of the connection
 */
export function requestIdOf(
  given: string | readonly string[] | undefined,
  peer: string,
  trusted: Pick<TrustedProxies, 'trusts'>,
): string {
  if (typeof given !== 'string' || !trusted.trusts(peer)) return randomUUID();
  return safe.test(given) && maskText(given) === given ? given : randomUUID();
}
