import type { Issuer } from '../issuers/issuer.js';
import { Unavailable } from '../shared/unavailable.js';

/** Decides which keys are refused although their issuer publishes them. Asked with every token, so it answers from memory. */
export abstract class KeyDenials {
  /** Whether tokens that this key of `issuer` has signed are refused now. */
  abstract isDenied(issuer: Issuer, thumbprint: string): boolean;
}

/** When asking again makes sense: the store is asked every two seconds. */
const RETRY_AFTER_SECONDS = 2;

/** It is not known which keys operators have denied. */
export class DenialsUnknown extends Unavailable {
  override readonly name = 'DenialsUnknown';

  constructor(issuerId: string) {
    super('which keys are denied could not be read, or not for too long', issuerId, RETRY_AFTER_SECONDS);
  }
}

/** Refuses what the configuration refuses, and nothing else. */
export class ConfiguredDenials extends KeyDenials {
  override isDenied({ deniedKeys }: Issuer, thumbprint: string): boolean {
    return deniedKeys.has(thumbprint);
  }
}
