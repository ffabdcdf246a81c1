/** Something that the source could forget, and where the compiler says so. */
export interface Forgotten {
  readonly what: string;
  /** What adds the new thing, and nothing of what it needs besides: declarations, or words of a file and what replaces them. */
  readonly added: string | { readonly file: string; readonly words: string; readonly by: string };
  /** The files that do not compile with it; relative to the root. */
  readonly refusedIn: readonly string[];
  /** Part of what the compiler says there. */
  readonly because: string;
}

/** A registration is total: what is added without its counterpart does not compile. */
export const forgotten: readonly Forgotten[] = [
  {
    what: "an issuer's setting about claims that becomes no term",
    added: `declare module '../../src/issuers/issuers.config.js' {
      interface IssuerSection { readonly forgotten: boolean }
    }`,
    refusedIn: ['src/issuers/claim-settings.ts'],
    because: '"forgotten"',
  },
  {
    what: "an issuer's setting that is said not to be about claims, and that nobody uses",
    added: {
      file: 'src/issuers/claim-settings.ts',
      words: 'const notAboutClaims = [',
      by: "declare module './issuers.config.js' { interface IssuerSection { readonly forgotten: string } }\nconst notAboutClaims = [\n  'forgotten',",
    },
    refusedIn: ['src/issuers/prepare-issuers.ts'],
    because: "'string' is not assignable to type 'never'",
  },
  {
    what: 'a setting about the freshness of keys that nobody uses',
    added: `declare module '../../src/issuers/freshness.config.js' {
      interface FreshnessSection { readonly forgotten: string }
    }`,
    refusedIn: ['src/issuers/prepare-issuers.ts'],
    because: "'string' is not assignable to type 'never'",
  },
  {
    what: "a setting about the way to an issuer's keys that nobody uses",
    added: `declare module '../../src/issuers/issuer-network.config.js' {
      interface IssuerNetworkSection { readonly forgotten: string }
    }`,
    refusedIn: ['src/issuers/issuer-network.config.ts'],
    because: "'string' is not assignable to type 'never'",
  },
  {
    what: 'a term for claims without a setting, and without a decision about tokens of callers',
    added: `declare module '../../src/claims/token-kind.js' {
      interface TokenKindTerms { readonly forgotten: boolean }
    }`,
    refusedIn: ['src/claims/claim-checks.ts', 'src/issuers/claim-settings.ts'],
    because: "Property 'forgotten' is missing",
  },
  {
    what: 'an optional term, which is one that can be left out',
    added: `declare module '../../src/claims/audience.js' {
      interface AudienceTerms { readonly forgotten?: string }
    }`,
    refusedIn: ['src/claims/claim-checks.ts', 'src/issuers/claim-settings.ts'],
    because: "Property 'forgotten' is missing",
  },
  {
    what: "a setting for the place of an issuer's keys that makes no location",
    added: `declare module '../../src/issuers/issuer-keys.config.js' {
      interface IssuerKeysSection { readonly forgotten?: string }
    }`,
    refusedIn: ['src/issuers/issuer-keys.config.ts'],
    because: "Property 'forgotten' is missing",
  },
  {
    what: 'a kind of key location that nobody fetches',
    added: {
      file: 'src/issuers/key-url-location.ts',
      words: "readonly kind: 'jwksUri'",
      by: "readonly kind: 'jwksUri' | 'forgotten'",
    },
    refusedIn: ['src/keys/source/key-source-of.ts'],
    because: 'lacks ending return statement',
  },
  {
    what: 'something that a request presents, without a judgement whether it says who is asking',
    added: `declare module '../../src/callers/credentials/presented-credentials.js' {
      interface PresentedCredentials { readonly forgotten?: string }
    }`,
    refusedIn: ['src/callers/credentials/presented-credentials.ts'],
    because: "Property 'forgotten' is missing",
  },
  {
    what: 'a member of the port for caller methods that no method has',
    added: {
      file: 'src/callers/methods/caller-method.ts',
      words: '  readonly challenge: string | undefined;',
      by: '  readonly challenge: string | undefined;\n  readonly forgotten: boolean;',
    },
    refusedIn: [
      'src/callers/methods/assertion/private-key-jwt.ts',
      'src/callers/methods/bearer/bearer-token.ts',
      'src/callers/methods/certificate/mutual-tls.ts',
      'src/callers/methods/secret/client-secret.ts',
    ],
    because: "Property 'forgotten' is missing",
  },
  {
    what: 'an event about keys of which operators get nothing',
    added: {
      file: 'src/keys/events/key-events.ts',
      words: 'export type KeyEvent =\n',
      by: "export type KeyEvent =\n  | { readonly event: 'forgotten'; readonly issuerId: string }\n",
    },
    refusedIn: ['src/keys/events/key-event-outputs.ts'],
    because: "Property 'forgotten' is missing",
  },
];
