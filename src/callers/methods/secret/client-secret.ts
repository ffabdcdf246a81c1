import type { Clock } from '../../../shared/clock.js';
import type { ClientCredentials } from '../../credentials/basic-credentials.js';
import type { Caller } from '../../caller.js';
import type { CallerDirectory } from '../../registration/caller-directory.js';
import { AuthenticationFailure } from '../../credentials/authentication-failure.js';
import { nobodysSecrets } from './secret-digest.js';

/** `client_secret_basic` and `client_secret_post` (RFC 6749 §2.3.1). */
export class ClientSecret {
  constructor(
    private readonly directory: CallerDirectory,
    private readonly clock: Clock,
  ) {}

  /** Tries every reading of what was presented, and takes as long for a caller that does not exist (R6749-13). */
  authenticate(readings: readonly ClientCredentials[]): Caller | AuthenticationFailure {
    const nowMs = this.clock.wallMs();
    const proven = readings.map((reading) => this.prove(reading, nowMs));
    return (
      proven.find((caller) => caller !== undefined) ?? new AuthenticationFailure('unknown client id or wrong secret')
    );
  }

  private prove({ clientId, secret }: ClientCredentials, nowMs: number): Caller | undefined {
    const registered = this.directory.byId(clientId);
    const matches = (registered?.secrets ?? nobodysSecrets).matches(secret, nowMs);
    return matches ? registered?.caller : undefined;
  }
}
