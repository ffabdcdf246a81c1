import type { Caller } from '../callers/caller.js';
import type { Possession } from '../proofs/possession.js';
import type { ProofChecker } from '../proofs/proof-checker.js';
import { usualDpopTerms } from '../proofs/proof-terms.js';
import { isJsonObject, type JsonObject } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { HandedOnProof } from './introspection-form.js';
import { aboutToken, type IntrospectionResult, type Introspector } from './introspector.js';

/**
 * Introspection for services that have no library for DPoP proofs (RFC 9449): they hand on what came with a token, and vouch for the
 * method and the URI of the request. A token whose proof is not good is inactive.
 */
export class ProofIntrospector {
  constructor(
    private readonly introspector: Introspector,
    private readonly proofs: ProofChecker,
  ) {}

  /**
   * @param hint `issuer_hint` of the request
   * @throws {Unavailable} when we cannot know
   * @throws {OAuthError} 503 when we cannot know whether the proof is new
   */
  async introspect(
    token: string,
    caller: Caller,
    handedOn: HandedOnProof,
    hint?: string,
  ): Promise<IntrospectionResult> {
    const possession = this.possession(token, caller, handedOn);
    const refuseRead = (claims: JsonObject) => possession.refuseRead(withKeyOnly(claims));
    const result = await this.introspector.introspect(token, caller, undefined, refuseRead, hint);
    if (!result.active) return result;
    const refusal = (await possession.refuseSigned()) ?? (await possession.refuseUsed());
    return refusal ? { active: false, rejection: aboutToken(refusal, result) } : result;
  }

  /** Nonces are between the service and its client: nothing of this answer reaches the client. */
  private possession(token: string, caller: Caller, { proof, target }: HandedOnProof): Possession {
    const dpop = { ...(caller.dpop ?? usualDpopTerms), nonce: 'off' as const };
    return this.proofs.of(
      { id: caller.id, terms: { dpop } },
      {
        token,
        scheme: proof === undefined ? 'bearer' : 'dpop',
        proof: () => (proof?.includes(',') ? new Rejection('proof_invalid', 'several headers with a proof') : proof),
        target: () => target,
        certificate: () => undefined,
        requestId: () => undefined,
      },
    );
  }
}

/** Other bindings than that to a key of DPoP are the service's to check, as they are without a proof. */
function withKeyOnly({ cnf }: JsonObject): JsonObject {
  const jkt = isJsonObject(cnf) ? cnf['jkt'] : undefined;
  return jkt === undefined ? {} : { cnf: { jkt } };
}
