import type { Issuer } from '../../src/issuers/issuer.js';
import { KeyResolver, KeysUnavailable } from '../../src/keys/key-resolver.js';
import { importJwk } from '../../src/tokens/import-jwk.js';
import { JwkDefect } from '../../src/tokens/jwk-defect.js';
import type { JwtHeader } from '../../src/tokens/unverified-jwt.js';
import type { VerificationKey } from '../../src/tokens/verification-key.js';
import type { TestKey } from '../builders/a-key.js';

/** A resolver that knows the keys it was told of, and counts what it is asked. */
export class KnownKeys extends KeyResolver {
  /** Questions so far, those that memory answers included. */
  questions = 0;
  private readonly keys = new Map<string, VerificationKey[]>();
  private readonly unreachable = new Set<string>();

  /** From now on the issuer with this short id has this key too. */
  async add(issuerId: string, { jwk }: TestKey, issuer: Pick<Issuer, 'algorithms'>): Promise<void> {
    const key = importJwk(jwk, issuer.algorithms);
    if (key instanceof JwkDefect) throw new Error(key.reason);
    this.keys.set(issuerId, [...(this.keys.get(issuerId) ?? []), key]);
  }

  /** From now on nobody can know the keys of this issuer. */
  lose(issuerId: string): void {
    this.unreachable.add(issuerId);
  }

  override known(issuer: Issuer, { kid }: JwtHeader): readonly VerificationKey[] | undefined {
    this.questions++;
    if (this.unreachable.has(issuer.id)) return undefined;
    return (this.keys.get(issuer.id) ?? []).filter((key) => kid === undefined || key.kid === kid);
  }

  override holds(issuer: Issuer, thumbprint: string): boolean {
    return (this.keys.get(issuer.id) ?? []).some((key) => key.thumbprint === thumbprint);
  }

  override find(issuer: Issuer, header: JwtHeader): Promise<readonly VerificationKey[]> {
    const known = this.known(issuer, header);
    return known ? Promise.resolve(known) : Promise.reject(new KeysUnavailable(issuer.id, 5));
  }
}
