import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import type { Caller } from '../../caller.js';
import type { CallerDirectory } from '../../registration/caller-directory.js';
import { identitiesOf } from './certificate-identity.js';
import type { PreparedCaller } from '../../registration/prepared-caller.js';
import { AuthenticationFailure } from '../../credentials/authentication-failure.js';

/**
 * `tls_client_auth` (RFC 8705 §2.1). The listener has verified the chain; here it is only asked whose certificate it is.
 *
 * RFC 8705 §2 wants a `client_id` so that the server knows whose registration to look at. gRPC has no place for it, and
 * our registrations are found by the certificate: without `client_id` exactly one of them must fit.
 */
export class MutualTls {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly clock: Clock,
  ) {}

  authenticate(certificate: X509Certificate, clientId: string | undefined): Caller | AuthenticationFailure {
    if (!this.isCurrent(certificate))
      return new AuthenticationFailure('the certificate has expired or is not valid yet');
    const fitting = this.callersFor(certificate);
    const named = clientId === undefined ? fitting : fitting.filter(({ caller }) => caller.id === clientId);
    const [only, another] = named;
    if (!only) return new AuthenticationFailure('the certificate fits no registration');
    if (another)
      return new AuthenticationFailure('the certificate fits several registrations, and no client_id chooses one');
    return only.caller;
  }

  private callersFor(certificate: X509Certificate): readonly PreparedCaller[] {
    try {
      return this.directory.byCertificate(identitiesOf(certificate));
    } catch {
      return [];
    }
  }

  /** The handshake checked this once; a connection can outlive its certificate. */
  private isCurrent({ validFromDate, validToDate }: X509Certificate): boolean {
    const nowMs = this.clock.wallMs();
    return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
  }
}
