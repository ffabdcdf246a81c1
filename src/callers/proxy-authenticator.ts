import type { X509Certificate } from 'node:crypto';
import { OAuthError } from '../transport/oauth-error.js';
import { hasAnyRight, type Caller } from './caller.js';
import { AuthenticationFailure } from './credentials/authentication-failure.js';
import type { RateLimits } from './limits/rate-limits.js';
import type { MutualTls } from './methods/certificate/mutual-tls.js';
import type { CallerDirectory, ProxyProfile } from './registration/caller-directory.js';

/** What can say for whom a proxy asks. Its `Authorization` cannot: that is its client's. */
export interface PresentedProxy {
  /** Whether the peer itself, not an address that it forwards, is one of `server.trustedProxies`. */
  readonly isTrusted: boolean;
  /** Client certificate of the connection, whose chain the listener has verified. */
  readonly certificate?: X509Certificate;
  /** The caller in whose name the proxy asks. */
  readonly callerId?: string;
}

/** A caller in whose name a proxy asks. */
export interface ProxiedCaller extends ProxyProfile {
  readonly caller: Caller;
}

/**
 * Says for which caller a proxy asks. A trusted proxy names the caller. Every other one proves with a certificate that it
 * is the caller itself, and names it only where its certificate fits several.
 */
export class ProxyAuthenticator {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly mutualTls: MutualTls,
    private readonly rateLimits: RateLimits,
  ) {}

  /** @throws {OAuthError} 403 where the peer is no proxy, or names no caller with a profile for proxies; 429 where that caller asks too often */
  authenticate(presented: PresentedProxy): ProxiedCaller {
    const caller = presented.isTrusted ? this.named(presented.callerId) : this.proven(presented);
    if (caller instanceof AuthenticationFailure) throw refused(caller);
    const profile = this.directory.byId(caller.id)?.proxy;
    if (!profile) throw refused(new AuthenticationFailure('the caller has no profile for proxies', caller.id));
    if (!hasAnyRight(caller)) throw refused(new AuthenticationFailure('the caller has no right at all', caller.id));
    this.rateLimits.charge(caller);
    return { caller, ...profile };
  }

  private named(callerId: string | undefined): Caller | AuthenticationFailure {
    if (callerId === undefined) return new AuthenticationFailure('the proxy names no caller');
    return (
      this.directory.byId(callerId)?.caller ??
      new AuthenticationFailure('the proxy names a caller that is not registered')
    );
  }

  private proven({ certificate, callerId }: PresentedProxy): Caller | AuthenticationFailure {
    if (certificate) return this.mutualTls.authenticate(certificate, callerId);
    return new AuthenticationFailure('the peer is no trusted proxy and presents no certificate');
  }
}

/** Not 401: that would be about the token of the proxy's client. One constant answer, whatever was wrong. */
function refused({ detail, caller }: AuthenticationFailure): OAuthError {
  return new OAuthError('invalid_client', 'this proxy may not ask', { status: 403, detail, caller });
}
