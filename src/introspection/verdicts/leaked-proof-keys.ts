import type { Clock } from '../../shared/clock.js';
import type { Audit } from '../../telemetry/audit.js';
import type { LogFields, Logger } from '../../telemetry/logger.js';

/** The same alarm is written again after this long: a client that does it once does it with every request. */
const QUIET_MS = 60_000;

/** Who is written down apart: pairs of a caller and an issuer, both of the configuration. */
const MOST_PAIRS = 1_000;

/**
 * Raises the alarm when a client sends its private key with a DPoP proof (RFC 9449 §4.3): the proof is refused, but everybody on the way has read the key, and
 * can prove with it whatever the client can.
 */
export class LeakedProofKeys {
  private readonly writtenAtMs = new Map<string, number>();

  constructor(private readonly host: { readonly clock: Clock; readonly logger: Logger; readonly audit: Audit }) {}

  /** @param fields where it came, and of which issuer its token says that it is; never anything of the proof */
  see(fields: LogFields & { readonly caller: string }): void {
    const { clock, logger, audit } = this.host;
    const nowMs = clock.monoMs();
    const name = JSON.stringify(fields);
    const lastMs = this.writtenAtMs.get(name);
    if (lastMs !== undefined && nowMs - lastMs < QUIET_MS) return;
    if (this.writtenAtMs.size >= MOST_PAIRS) this.writtenAtMs.clear();
    this.writtenAtMs.set(name, nowMs);
    logger.error(
      fields,
      'a client sends its private key with its DPoP proofs; its tokens and its key must be replaced',
    );
    audit.recordSoon('proof_key_leaked', fields, 'evidence');
  }
}
