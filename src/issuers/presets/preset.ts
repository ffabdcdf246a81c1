import type { RejectionCode } from '../../tokens/rejection.js';

/** What a registration says, as it is written in a file. */
export type WrittenRegistration = Readonly<Record<string, unknown>>;

/**
 * What is known of one provider's tokens, so that nobody has to find it out again: documentation that the program reads, too. It fills in what a
 * registration leaves out, and never what it says.
 */
export interface Preset {
  /** What `preset:` says. */
  readonly name: PresetName;
  /** Which tokens it is about, such as `Microsoft Entra ID, tokens of version 2.0`. */
  readonly title: string;
  readonly issuer: IssuerIdentifier;
  /** Settings that are right for every registration of this provider. */
  readonly defaults: WrittenRegistration;
  /** Those that follow from the identifier in the file, such as the URL of keys on another host, and from what stands beside it. */
  readonly derived?: (identifier: string, written: WrittenRegistration) => WrittenRegistration;
  /** What only its reader can know, and has to be written out. */
  readonly asks: readonly Ask[];
  /** What a refused token of this provider most often is. For operators, never for callers. */
  readonly hints: readonly Hint[];
  /** What it sends by OpenID Connect Back-Channel Logout; absent: nothing that is known. */
  readonly logout?: LogoutFacts;
  /** What it sends by Shared Signals 1.0, and what has to be set for it; absent: nothing that is known. */
  readonly events?: readonly string[];
  /** Where the provider says so. */
  readonly sources: readonly string[];
  /** Why there is no such registration at all: its tokens cannot be verified by anybody but their issuer. */
  readonly refusal?: string;
}

/** How a provider tells that a user has logged out, for its page. */
export interface LogoutFacts {
  /** Where its users enter the URL. */
  readonly setup: string;
  /** What its logout tokens say, and what ends by it. */
  readonly says: string;
  /** What is not told, or needs another setting. */
  readonly beware: readonly string[];
}

/** What a provider's issuer identifiers look like. */
export interface IssuerIdentifier {
  /** All of them, as far as they are known: another one is a warning. Absent: they have nothing in common. */
  readonly pattern?: RegExp;
  /** Whether nobody else has such an identifier, so that it tells whose token it is. */
  readonly isTelling?: true;
  /** In words. */
  readonly expected: string;
  /** Taken for the example in its page; the default where there is one. */
  readonly example?: string;
  /** The only one that most have; taken where the file names none. */
  readonly default?: string;
}

/** Something that a registration must have beside its preset: a setting, or a rule for one of these claims. */
export type Ask = AskedSetting | AskedRule;

/** A setting that must be written out. */
export interface AskedSetting {
  readonly setting: 'audiences' | 'spiffe' | 'keys' | 'opaque';
  /** What it has to say, in words. */
  readonly expected: string;
  readonly example: unknown;
}

/** Without such a rule strangers could get a token that is accepted. Refused without one; a warning where strangers may be welcome. */
export interface AskedRule {
  /** Claims, one of which must be ruled; the first is the best. */
  readonly rule: readonly [string, ...string[]];
  readonly isAdvice?: true;
  /** What it has to say, in words. */
  readonly expected: string;
  readonly example: unknown;
}

/** What is probably wrong with a token that was refused for this reason. */
export interface Hint {
  readonly code: RejectionCode;
  /** Only where this claim was the reason. */
  readonly claim?: string;
  /** Only where the token says that this is its issuer, which is registered nowhere. */
  readonly iss?: string;
  readonly text: string;
}

/** Every preset. */
export const presetNames = [
  'entra-v2',
  'entra-v1',
  'cognito',
  'auth0',
  'okta-custom',
  'okta-org',
  'google-id',
  'google-iap',
  'cloudflare-access',
  'salesforce',
  'aws-alb',
  'github-actions',
  'gitlab-ci',
  'kubernetes',
  'eks',
  'gke',
  'aks',
  'keycloak',
  'zitadel',
  'hydra',
  'dex',
  'spring',
  'spiffe',
] as const;

/** The name of a preset. */
export type PresetName = (typeof presetNames)[number];
