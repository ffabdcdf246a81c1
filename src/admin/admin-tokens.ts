import type { SecretDigests } from '../callers/methods/secret/secret-digest.js';
import type { LogFields } from '../telemetry/logger.js';

/** Who uses the admin API. */
export interface Admin {
  /** Id of the token, for the audit trail. */
  readonly id: string;
  /** A viewer reads, an operator changes. */
  readonly role: 'viewer' | 'operator';
  /** Who vouches for it, where it is a token of a registered issuer: several people may have one `id`. */
  readonly issued?: {
    /** Id of the issuer. */
    readonly by: string;
    /** The keyed hash of the subject, where the audit trail shall name subjects. */
    readonly subHash: string | undefined;
  };
}

/** An admin as the audit trail names it. */
export function auditedAs({ id, role, issued }: Admin): LogFields {
  if (!issued) return { by: id };
  const { by, subHash } = issued;
  return { by: id, byIssuer: by, byRole: role, ...(subHash !== undefined && { bySubHash: subHash }) };
}

/** An admin token of the configuration, ready to be compared with. */
export interface AdminToken {
  readonly admin: Admin;
  readonly secret: SecretDigests;
}

/** The admin tokens of the configuration. Replaced as a whole when it changes. */
export class AdminTokens {
  private tokens: readonly AdminToken[] | undefined;

  /** @param tokens undefined where the configuration has no `admin` section */
  replace(tokens: readonly AdminToken[] | undefined): void {
    this.tokens = tokens;
  }

  /** Whether anybody can have a token. */
  get areConfigured(): boolean {
    return this.tokens !== undefined;
  }

  /** Whether somebody has a token that can be guessed. */
  get areGuessable(): boolean {
    return this.tokens?.some(({ secret }) => secret.areGuessable(0)) ?? false;
  }

  /** Whose token this is. Compares with every token, whatever comes of it, so that the time it takes reveals nothing. */
  find(token: string): (AdminToken & { readonly match: 'strong' | 'weak' }) | undefined {
    const found = this.tokens?.flatMap(({ admin, secret }) => {
      const match = secret.match(token, 0);
      return match ? [{ admin, secret, match }] : [];
    });
    return found?.[0];
  }

  /** What the holder of a token that was found earlier is now; `undefined` where the configuration has it no more. */
  holderOf({ admin: { id }, secret }: AdminToken): Admin | undefined {
    return this.tokens?.find((each) => each.admin.id === id && each.secret.isSameAs(secret))?.admin;
  }
}
