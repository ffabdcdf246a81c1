import type { Issuer } from '../issuers/issuer.js';

/** Decides which keys are refused although their issuer publishes them. Asked with every token, so it answers from memory. */
export abstract class KeyDenials {
  /** Whether tokens that this key of `issuer` has signed are refused now. */
  abstract isDenied(issuer: Issuer, thumbprint: string): boolean;
}

/** Refuses what the configuration refuses, and nothing else. */
export class ConfiguredDenials extends KeyDenials {
  override isDenied({ deniedKeys }: Issuer, thumbprint: string): boolean {
    return deniedKeys.has(thumbprint);
  }
}
