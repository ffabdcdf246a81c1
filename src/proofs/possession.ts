/** Decides whether whoever presents a token has the key that it is bound to. */
import type { Clock } from '../shared/clock.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../shared/json-value.js';
import { Rejection } from '../tokens/rejection.js';
import { verifySignature } from '../tokens/verify-signature.js';
import type { DpopNonces } from './dpop-nonces.js';
import { readProof, type ReadProof } from './dpop-proof.js';
import type { ProofReplay } from './proof-replay.js';
import type { ProofTarget } from './proof-target.js';
import type { DpopTerms, ProofTerms } from './proof-terms.js';

/** The scheme of `Authorization` under which a token came, or what stands for it. */
export type TokenScheme = 'bearer' | 'dpop';

/** Whose clients prove what. */
export interface ProofProfile {
  /** Id of the caller. */
  readonly id: string;
  /** Absent: nothing can be proven, and every token that is bound to a key is refused. */
  readonly terms: ProofTerms | undefined;
}

/** What came with a token. What needs work is done when a token asks for it. */
export interface PresentedProofs {
  /** As presented. */
  readonly token: string;
  readonly scheme: TokenScheme;
  /** The proof; `undefined` where there is none; a rejection where it is not one. */
  readonly proof: () => string | Rejection | undefined;
  /** The request that the proof must be made for. */
  readonly target: () => ProofTarget | Rejection;
  /** `x5t#S256` of the certificate of the client; `undefined` where there is none. */
  readonly certificate: () => string | undefined;
  /** What the proxy calls the request; `undefined` where nobody does whose word can be taken for it. */
  readonly requestId: () => string | undefined;
}

/** What the steps are taken with. */
interface PossessionTools {
  readonly clock: Clock;
  readonly nonces: DpopNonces;
  readonly replay: ProofReplay;
  readonly inTurn: (job: () => Promise<Rejection | undefined>) => Promise<Rejection | undefined>;
}

/** So long a use is remembered beyond the age of a proof, in seconds: clocks of replicas may differ by so much. */
const CLOCK_DIFFERENCE_SECONDS = 30;

/**
 * Whether whoever presents a token has the key that the token is bound to. In three steps, each after what else could refuse the
 * request as cheaply: what can be read; the signature; whether the proof was used before, which is asked last, because to ask uses it.
 */
export class Possession {
  private read: ReadProof | Rejection | undefined;

  constructor(
    private readonly profile: ProofProfile,
    private readonly presented: PresentedProofs,
    private readonly tools: PossessionTools,
  ) {}

  /**
   * RFC 9449 §7.1 and §7.2, RFC 8705 §3: why a token with these claims, which may be unverified, is not proven by what can be read. A
   * binding that nobody can be held to here is refused, and one that is understood is held to beside others (RFC 7800 §3.1).
   */
  readonly refuseRead = ({ cnf }: JsonObject): Rejection | undefined => {
    const { jkt, 'x5t#S256': certificate }: JsonObject = isJsonObject(cnf) ? cnf : {};
    if (this.presented.scheme === 'dpop' && jkt === undefined) return new Rejection('proof_unbound');
    if (cnf === undefined) return undefined;
    if (jkt === undefined && certificate === undefined)
      return new Rejection('proof_missing', 'bound to what is not known here');
    return (
      (jkt === undefined ? undefined : this.refuseKey(jkt)) ??
      (certificate === undefined ? undefined : this.refuseCertificate(certificate))
    );
  };

  /** Whether there is a proof that has to be checked further. Known once {@link refuseRead} was asked about claims that are verified. */
  get hasProof(): boolean {
    return this.proof !== undefined && this.dpop !== undefined;
  }

  /**
   * Whether the key of the proof, which {@link refuseRead} has let pass, has signed it, and for a nonce of ours where one is needed.
   * @throws {OAuthError} 503 where too many wait
   */
  async refuseSigned(): Promise<Rejection | undefined> {
    const { proof, dpop } = this;
    if (!proof || !dpop) return undefined;
    const { jwt, key, nonce } = proof;
    const refusal = await this.tools.inTurn(async () => {
      const verdict = await verifySignature(jwt, [key]);
      return verdict instanceof Rejection ? new Rejection('proof_invalid', 'the signature') : undefined;
    });
    if (refusal || dpop.nonce === 'off') return refusal;
    const isGood = nonce !== undefined && this.tools.nonces.isGood(nonce, this.profile.id);
    return isGood ? undefined : new Rejection('proof_nonce');
  }

  /**
   * Whether the proof was used before, by another request; from now on it was.
   * @throws {OAuthError} 503 where that cannot be known
   */
  async refuseUsed(): Promise<Rejection | undefined> {
    const { proof, dpop } = this;
    if (!proof || !dpop) return undefined;
    const { key, jti, iat } = proof;
    const untilMs = (iat + dpop.maxAgeSeconds + CLOCK_DIFFERENCE_SECONDS) * 1000;
    const requestId = dpop.proxySetsRequestId ? this.presented.requestId() : undefined;
    const used = { jkt: key.thumbprint, jti, untilMs, requestId };
    const isGood = await this.tools.replay.use(used, dpop, this.profile.id);
    return isGood ? undefined : new Rejection('proof_replayed');
  }

  private get dpop(): DpopTerms | undefined {
    return this.profile.terms?.dpop;
  }

  /** The proof that was read; `undefined` where none was needed. */
  private get proof(): ReadProof | undefined {
    return this.read instanceof Rejection ? undefined : this.read;
  }

  private refuseKey(jkt: JsonValue): Rejection | undefined {
    if (this.presented.scheme !== 'dpop' || !this.dpop) return new Rejection('proof_missing');
    this.read ??= this.readWith(this.dpop);
    if (this.read instanceof Rejection) return this.read;
    return this.read.key.thumbprint === jkt ? undefined : new Rejection('proof_key_mismatch', 'a proof of another key');
  }

  private readWith(terms: DpopTerms): ReadProof | Rejection {
    const { token, proof, target: readTarget } = this.presented;
    const text = proof() ?? new Rejection('proof_missing', 'no header with a proof');
    const target = text instanceof Rejection ? text : readTarget();
    if (text instanceof Rejection) return text;
    if (target instanceof Rejection) return target;
    return readProof(text, { terms, token, target, nowSeconds: this.tools.clock.wallMs() / 1000 });
  }

  private refuseCertificate(expected: JsonValue): Rejection | undefined {
    const certificate = this.profile.terms?.certificateFrom && this.presented.certificate();
    if (certificate === undefined) return new Rejection('proof_missing', 'no client certificate');
    return certificate === expected ? undefined : new Rejection('proof_key_mismatch', 'another client certificate');
  }
}
