import { KeyObject } from 'node:crypto';
import type { Caller } from '../../../src/callers/caller.js';
import { ClaimValidator } from '../../../src/claims/claim-validator.js';
import { introspectionAnswer } from '../../../src/introspection/introspection-answer.js';
import {
  Introspector,
  type IntrospectionResult,
  type IntrospectionStep,
} from '../../../src/introspection/introspector.js';
import type { Issuer } from '../../../src/issuers/issuer.js';
import { KeysUnavailable } from '../../../src/keys/key-resolver.js';
import { DenyList } from '../../../src/revocation/deny-list.js';
import { MemoryDeniedKeys } from '../../../src/revocation/denied-keys.js';
import { SystemClock } from '../../../src/shared/clock.js';
import type { JsonObject } from '../../../src/shared/json-value.js';
import type { Witness } from '../../../src/shared/witness.js';
import type { Algorithm } from '../../../src/tokens/algorithms.js';
import { TokenVerifier } from '../../../src/verification/token-verifier.js';
import { VerifiedTokenCache } from '../../../src/verification/verified-token-cache.js';
import type { TestKey } from '../../builders/a-key.js';
import { aToken, type Members } from '../../builders/a-token.js';
import { usualAudience } from '../../builders/claim-terms.js';
import { signAs } from '../../builders/sign.js';
import type { FakeKey } from '../../fakes/fake-issuer.js';
import { RecordingAudit } from '../../fakes/recording-audit.js';
import { KeyWorld } from '../../keys/support/key-world.js';
import { PLENTY_BYTES } from './remembering.js';

/** A caller that may see the tokens of these registrations, and every claim. */
export function reader(...ids: readonly string[]): Caller {
  return { id: `reads ${ids.join(' ')}`, issuers: new Set(ids), audiences: 'any', claims: 'any' };
}

/** Everything that comes between a token and its answer, over registrations whose names the test chooses. */
export class NameWorld {
  private readonly clock = new SystemClock();
  readonly memory = new VerifiedTokenCache(PLENTY_BYTES);
  readonly denials = new DenyList({
    store: new MemoryDeniedKeys(this.clock),
    clock: this.clock,
    audit: new RecordingAudit(),
  });
  readonly keys: KeyWorld;
  private readonly introspector: Introspector;

  constructor(...issuers: readonly Issuer[]) {
    this.keys = new KeyWorld(issuers);
    this.introspector = new Introspector(
      new TokenVerifier(this.keys.issuers, this.keys.keys, new ClaimValidator(this.clock), this.denials, this.memory),
    );
  }

  /** A good token of this key, but for what is said otherwise. */
  token({ kid, alg, privateKey }: TestKey | FakeKey, claims: Members = {}, header: Members = {}): string {
    const key = privateKey instanceof KeyObject ? privateKey : KeyObject.from(privateKey);
    return aToken()
      .for(usualAudience)
      .at(this.clock.wallMs() / 1_000)
      .with(claims)
      .header({ alg, kid, ...header })
      .signature((input) => signAs(alg as Algorithm, key, input))
      .build();
  }

  /** The registration that an active answer is about, why there is none, or that it cannot be known. */
  async ask(token: string, caller: Caller): Promise<string> {
    try {
      const result = await this.introspector.introspect(token, caller);
      if (result.active) return result.issuer.id;
      const { code, issuerId } = result.rejection;
      return issuerId === undefined ? code : `${code} of ${issuerId}`;
    } catch (error) {
      if (error instanceof KeysUnavailable) return 'unavailable';
      throw error;
    }
  }

  async introspect(token: string, caller: Caller, witness?: Witness<IntrospectionStep>): Promise<IntrospectionResult> {
    return this.introspector.introspect(token, caller, witness);
  }

  /** What the caller reads. */
  async answer(token: string, caller: Caller): Promise<JsonObject> {
    const result = await this.introspector.introspect(token, caller);
    return result.active ? introspectionAnswer(result) : { active: false };
  }

  [Symbol.dispose](): void {
    this.keys[Symbol.dispose]();
  }
}
