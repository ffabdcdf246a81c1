import { namesAnyOf } from '../claims/audience.js';
import type { ClaimCheck } from '../claims/claim-check.js';
import { standardNames } from '../claims/claim-names.js';
import { policyOfChecks, type ClaimPolicy } from '../claims/claim-policy.js';
import { numericDate } from '../claims/clock-tolerance.js';
import { refuseExpired } from '../claims/expiry.js';
import { refuseIssuedInFuture } from '../claims/issued-at.js';
import { refuseNotYetValid } from '../claims/not-before.js';
import { refuseMalformedClaims } from '../claims/registered-claim-types.js';
import type { Issuer } from '../issuers/issuer.js';
import { KeysUnavailable } from '../keys/key-resolver.js';
import type { JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import type { StatementVerifier } from '../verification/statement-verifier.js';
import { UpstreamFailure } from './upstream-failure.js';

/** Of the header, lower-case (RFC 9701 §5). */
const answerTypes: ReadonlySet<string> = new Set(['token-introspection+jwt']);

/** An answer is made when we ask; what is older was kept by somebody, and the token may have ended since. */
const MAX_AGE_SECONDS = 60;

const usual = { clockToleranceSeconds: 30, requireExpiry: false };

/** Verifies answers that issuers sign (RFC 9701 §5). What an answer says counts only when it is made for us, and now. */
export class SignedAnswers {
  constructor(private readonly statements: Pick<StatementVerifier, 'verify'>) {}

  /**
   * @param clientId who we are there: the audience
   * @returns the answer itself, whatever it is
   * @throws {UpstreamFailure}
   */
  async read(body: Uint8Array, issuer: Issuer, clientId: string): Promise<JsonValue | undefined> {
    const compact = Buffer.from(body).toString('latin1').trim();
    const statement = { compact, issuer, askerId: `upstream:${issuer.id}` };
    try {
      const good = await this.statements.verify(statement, { tokenTypes: answerTypes, policy: answerPolicy(clientId) });
      if (good instanceof Rejection)
        throw new UpstreamFailure('signature', `the signed answer is refused: ${good.code}`);
      return good.jwt.claims['token_introspection'];
    } catch (error) {
      if (!(error instanceof KeysUnavailable)) throw error;
      throw new UpstreamFailure('keys_unavailable', 'the keys that would check the signed answer are not available');
    }
  }
}

function answerPolicy(clientId: string): ClaimPolicy {
  return policyOfChecks([
    refuseMalformedClaims({ names: standardNames }).check,
    refuseExpired(usual).check,
    refuseNotYetValid(usual).check,
    refuseIssuedInFuture(usual).check,
    refuseKept,
    refuseOthers(clientId),
  ]);
}

const refuseKept: ClaimCheck = ({ claims }, nowSeconds) => {
  const iat = numericDate(claims, 'iat');
  if (iat === undefined) return new Rejection('claim_missing', 'iat');
  return nowSeconds - iat > MAX_AGE_SECONDS + usual.clockToleranceSeconds ? new Rejection('expired') : undefined;
};

/** RFC 9701 §8.1: an answer for another client says nothing to us. */
function refuseOthers(clientId: string): ClaimCheck {
  const own = new Set([clientId]);
  return ({ claims }) => (namesAnyOf(claims, own) ? undefined : new Rejection('audience_mismatch'));
}
