import type { Issuer } from '../issuers/issuer.js';
import { KeysUnavailable } from '../keys/key-resolver.js';
import { FairQueue } from '../shared/fair-queue.js';
import type { Witness } from '../shared/witness.js';
import type { JwtStep } from '../tokens/jwt-step.js';
import type { Rejection } from '../tokens/rejection.js';
import type { UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import { verifySignature } from '../tokens/verify-signature.js';

/**
 * Signatures are checked on the threads of the runtime, four unless `UV_THREADPOOL_SIZE` says otherwise, which also look up
 * names and read files. What is handed to them they do in order: so it is never more than a few milliseconds of work, however
 * large the keys, and of one issuer never more than half of it. The rest waits here, where issuers take turns.
 */
const limits = { total: 32, perLine: 16, waiting: 1_000 };

/** Checks one signature. */
export type SignatureChecker = Pick<SignatureChecks, 'verify'>;

/** Checks signatures, so that an issuer with expensive keys (RSA of 8192 bits, ES512) delays its own tokens and no others. */
export class SignatureChecks {
  private readonly turns = new FairQueue(limits);

  /**
   * See {@link verifySignature}.
   * @throws {KeysUnavailable} when too many tokens of this issuer are waiting already: then we cannot know in time
   */
  verify(
    issuer: Issuer,
    jwt: UnverifiedJwt,
    keys: readonly VerificationKey[],
    witness?: Witness<JwtStep>,
  ): Promise<VerifiedJwt | Rejection> {
    return this.turns.run(
      issuer.id,
      () => verifySignature(jwt, keys, witness),
      () => new KeysUnavailable(issuer.id, 1, { cause: new Error('too many of its signatures wait to be checked') }),
    );
  }
}
