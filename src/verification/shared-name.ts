/** Finds which of several issuers with one `iss` a token is of: the one whose key signed it. */
import type { Issuer } from '../issuers/issuer.js';
import { ownerOf } from '../keys/contested-keys.js';
import { KeysUnavailable, type KeyResolver } from '../keys/key-resolver.js';
import type { Witness } from '../shared/witness.js';
import { Rejection, signatureInvalid } from '../tokens/rejection.js';
import type { JwtHeader, UnverifiedJwt } from '../tokens/unverified-jwt.js';
import type { VerificationKey } from '../tokens/verification-key.js';
import type { VerifiedJwt } from '../tokens/verified-jwt.js';
import type { Asker, PolicyChoice } from './asker.js';
import { areGuesses, inScope, refuseHeader, type KeySearch } from './key-search.js';
import { RememberedJwt } from './remembered-jwt.js';
import type { SignatureChecker } from './signature-checks.js';
import type { VerificationStep } from './verification-step.js';

/** Whose key signed a token. */
export interface Signer {
  readonly issuer: Issuer;
  readonly verified: VerifiedJwt;
  /** Whether that was remembered. */
  readonly isRecalled: boolean;
}

/** What a token of a shared name is judged with. */
interface SharedQuestion {
  readonly jwt: UnverifiedJwt;
  /** All issuers of the name, in the order of the file. */
  readonly namesakes: readonly Issuer[];
  readonly asker: Asker;
  readonly choosePolicy: PolicyChoice;
  readonly witness: Witness<VerificationStep> | undefined;
}

/** An issuer whose keys may have signed the token. */
interface Candidate {
  readonly issuer: Issuer;
  readonly keys: readonly VerificationKey[];
}

/** What {@link SharedNames} works with. */
export interface SharedNamesParts {
  readonly keys: KeyResolver;
  readonly search: KeySearch;
  readonly signatures: SignatureChecker;
}

/**
 * Finds out of which of several issuers with one name a token is: of the one whose key signed it. Two clusters of Kubernetes may
 * both be called `https://kubernetes.default.svc.cluster.local`, and all tenants of some providers have one `iss`.
 *
 * Everything counts for each issuer by itself: how many keys are tried, its place in the queue of signatures, its budget of fetches.
 * No issuer can use up what a namesake needs, and an outage of one is none of the others while they have the key in memory. A key
 * that several publish is one of the first in the file alone.
 */
export class SharedNames {
  constructor(private readonly parts: SharedNamesParts) {}

  /** @throws {KeysUnavailable} where none of them signed the token, as far as is known, and one of them could not be asked */
  async signerOf(question: SharedQuestion): Promise<Signer | Rejection> {
    const { jwt, namesakes, witness } = question;
    for (const issuer of namesakes) witness?.saw({ step: 'suitability', issuer, header: jwt.header });
    const suitable = namesakes.filter((issuer) => !refuseHeader(issuer, jwt));
    const [first] = namesakes;
    if (suitable.length === 0 && first) return refuseHeader(first, jwt) ?? new Rejection('issuer_unknown');
    const known = suitable.map((issuer) => ({ issuer, keys: this.parts.search.known(issuer, jwt, witness) ?? [] }));
    const tried = new Attempts();
    const signer =
      (await this.amongKnown(known, question, tried)) ??
      (await this.amongFetched(
        known.filter(({ issuer, keys }) => keys.length === 0 || areGuesses(keys, jwt, issuer)),
        question,
        tried,
      ));
    if (!signer) return tried.conclusion(jwt.header);
    witness?.saw({ step: 'signer', issuer: signer.issuer });
    this.refuseToGuess(signer, question);
    return signer;
  }

  private async amongKnown(
    candidates: readonly Candidate[],
    question: SharedQuestion,
    tried: Attempts,
  ): Promise<Signer | undefined> {
    const { jwt, witness } = question;
    const own = candidates.map((candidate) => this.owned(candidate, question)).filter(({ keys }) => keys.length > 0);
    if (own.length > 0) witness?.saw({ step: 'signature' });
    if (jwt instanceof RememberedJwt) {
      for (const { issuer, keys } of own) {
        const verified = jwt.signedByOneOf(keys, issuer);
        if (verified) return { issuer, verified, isRecalled: true };
      }
    }
    for (const candidate of own) {
      const signer = await this.tryKeys(candidate, question, tried);
      if (signer) return signer;
    }
    return undefined;
  }

  /** All that know no such key are asked at once: no request waits for one after the other. */
  private async amongFetched(
    unknown: readonly Candidate[],
    question: SharedQuestion,
    tried: Attempts,
  ): Promise<Signer | undefined> {
    const { jwt, asker, choosePolicy, witness } = question;
    const signers = unknown.map(async ({ issuer, keys }) => {
      const policy = choosePolicy(issuer);
      const asked =
        policy instanceof Rejection
          ? policy
          : await this.parts.search.ask(jwt, { issuer, asker, policy }, witness, keys).catch(failureOf);
      if (asked instanceof Rejection) {
        tried.refused(asked);
        return undefined;
      }
      if (asked instanceof KeysUnavailable) {
        tried.failed(asked);
        return undefined;
      }
      const own = this.owned({ issuer, keys: asked }, question);
      if (own.keys.length === 0) return undefined;
      witness?.saw({ step: 'signature' });
      return this.tryKeys(own, question, tried);
    });
    return (await Promise.all(signers)).find((signer) => signer !== undefined);
  }

  private async tryKeys(
    { issuer, keys }: Candidate,
    { jwt, witness }: SharedQuestion,
    tried: Attempts,
  ): Promise<Signer | undefined> {
    const verified = await this.parts.signatures.verify(issuer, jwt, keys, witness).catch(failureOf);
    if (verified instanceof KeysUnavailable) {
      tried.failed(verified);
      return undefined;
    }
    if (verified instanceof Rejection) {
      tried.signedByNone();
      return undefined;
    }
    return { issuer, verified, isRecalled: false };
  }

  /** The keys that are in scope, and no other's. */
  private owned({ issuer, keys }: Candidate, { jwt, namesakes }: SharedQuestion): Candidate {
    const own = inScope(keys, jwt, issuer).filter(({ thumbprint }) => {
      const owner = ownerOf(namesakes, thumbprint, this.parts.keys);
      return owner === undefined || owner.id === issuer.id;
    });
    return { issuer, keys: own };
  }

  /**
   * An earlier issuer whose keys are not known may have this one, too: then the token is of that one. Whoever may see the tokens of
   * that one, and not of this one, is told that we cannot know.
   * @throws {KeysUnavailable}
   */
  private refuseToGuess({ issuer }: Signer, { jwt, namesakes, asker }: SharedQuestion): void {
    if (!asker.refuse(issuer, jwt.unverifiedClaims)) return;
    for (const earlier of namesakes.slice(0, namesakes.indexOf(issuer))) {
      if (asker.refuse(earlier, jwt.unverifiedClaims)) continue;
      if (this.parts.keys.known(earlier, jwt.header) === undefined) throw new KeysUnavailable(earlier.id, 1);
    }
  }
}

/** Why none of them signed the token, as far as they were asked. */
class Attempts {
  private failure: KeysUnavailable | undefined;
  private refusal: Rejection | undefined;
  private areKeysTried = false;

  failed(failure: KeysUnavailable): void {
    this.failure ??= failure;
  }

  refused(refusal: Rejection): void {
    // That an issuer was asked in vain says more than why others were not asked.
    if (!this.refusal || refusal.code === 'key_unknown') this.refusal = refusal;
  }

  signedByNone(): void {
    this.areKeysTried = true;
  }

  /** @throws {KeysUnavailable} */
  conclusion(header: JwtHeader): Rejection {
    if (this.failure) throw this.failure;
    if (this.areKeysTried) return signatureInvalid(header);
    return this.refusal ?? new Rejection('key_unknown', 'the key is one of another issuer, or for another tenant');
  }
}

/** An issuer that cannot be asked is a finding here. @throws anything else */
function failureOf(error: unknown): KeysUnavailable {
  if (error instanceof KeysUnavailable) return error;
  throw error;
}
