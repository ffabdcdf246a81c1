import type { Logger } from '../telemetry/logger.js';
import type { Issuer } from './issuer.js';

/** Where other programs take the proxy for `https` from. */
const variables = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/** Issuers that a line of the log names. */
const MOST_NAMES = 10;

/**
 * Says once, at the start, that the proxy of the environment is not used: who sets it there expects that it is. It is not, because
 * the whole environment would then decide which addresses an issuer may send us to. Its value is not shown: it may have a password in it.
 */
export function warnOfUnusedProxy(
  environment: Readonly<Record<string, string | undefined>>,
  issuers: readonly Issuer[],
  logger: Pick<Logger, 'warn'>,
): void {
  const set = variables.filter((name) => environment[name]);
  const direct = issuers.filter(({ keys, network }) => keys.kind !== 'static' && !network.proxy).map(({ id }) => id);
  if (set.length === 0 || direct.length === 0) return;
  const fields = { variables: set, issuers: direct.slice(0, MOST_NAMES), count: direct.length };
  logger.warn(
    fields,
    'the proxy in the environment variables is not used; to use one for the keys of an issuer, set its network.proxyUrl',
  );
}
