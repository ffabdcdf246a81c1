import type { Issuer } from '../issuers/issuer.js';
import { inChildSpan } from '../telemetry/tracing/child-span.js';
import type { JwtHeader } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import { KeyResolver, KeysUnavailable } from './key-resolver.js';

/** Shows the search for a key that is not known in the trace of the request. A known key is a lookup in memory, and no span. */
export class TracedKeyResolver extends KeyResolver {
  constructor(private readonly resolver: KeyResolver) {
    super();
  }

  override known(issuer: Issuer, header: JwtHeader): readonly VerificationKey[] | undefined {
    return this.resolver.known(issuer, header);
  }

  override holds(issuer: Issuer, thumbprint: string): boolean {
    return this.resolver.holds(issuer, thumbprint);
  }

  override find(
    issuer: Issuer,
    header: JwtHeader,
    tried?: readonly VerificationKey[],
  ): Promise<readonly VerificationKey[]> {
    const terms = {
      name: 'resolve key',
      attributes: { 'assay.issuer': issuer.id },
      outcome: (found: readonly VerificationKey[]) => ({ 'assay.candidates': found.length }),
      failure: (error: unknown) => (error instanceof KeysUnavailable ? 'keys_unavailable' : 'internal'),
    };
    return inChildSpan(terms, () => this.resolver.find(issuer, header, tried));
  }

  override used(issuer: Issuer, thumbprint: string): void {
    this.resolver.used?.(issuer, thumbprint);
  }
}
