import type { ConfiguredIssuers } from '../../issuers/configured-issuers.js';
import type { Place } from '../../shared/configuration/place.js';
import type { Written } from '../../shared/configuration/written.js';
import type { Host } from '../../telemetry/host.js';
import type { Algorithm } from '../../tokens/algorithms.js';
import type { OAuthError } from '../../transport/oauth-error.js';
import type { TokenVerifier } from '../../verification/token-verifier.js';
import type { Caller } from '../caller.js';
import type { AuthenticationFailure } from '../credentials/authentication-failure.js';
import type { Authorization } from '../credentials/authorization-header.js';
import type { PresentedCredentials } from '../credentials/presented-credentials.js';
import type { UnprovenSignatures } from '../limits/unproven-signatures.js';
import type { WeakSecrets } from '../limits/weak-secrets.js';
import type { AssertionReplay } from './assertion/assertion-replay.js';

/**
 * One way in which callers prove who they are, with everything that the service needs to know of it. A new method is a
 * folder beside this file and a line in `caller-methods.ts`: whatever differs between methods is a member here.
 *
 * `Key` is its key in the section of a caller, `Section` what the file says there, `Registered` what that becomes.
 */
export interface CallerMethod<
  Key extends string = string,
  Section = unknown,
  Registered = unknown,
  Authenticator extends MethodAuthenticator<Registered> = MethodAuthenticator<Registered>,
> {
  readonly key: Key;
  /** Declares the key as a field of a caller's section. */
  readonly field: PropertyDecorator;
  /** What no two callers may register alike; `undefined` where nothing has to differ. */
  readonly unique: UniqueTerm<Section> | undefined;
  /** `WWW-Authenticate` challenge of its HTTP authentication scheme (RFC 9110 §11.6.1); `undefined` where it has none. */
  readonly challenge: string | undefined;
  /**
   * Refuses what the sections of all callers say of the rest of the file that is not so; `undefined` where they say nothing
   * of it. Callers that do not use the method are among them, as sections that are not there.
   */
  readonly checkWritten: ((sections: readonly Written[], file: Written) => void) | undefined;
  /** Checks what a caller registered and makes it ready. @returns undefined after reporting every problem */
  prepare(section: Section, place: Place, context: MethodContext): Registered | undefined;
  /** What the metadata (RFC 8414) says where a caller registered this. */
  advertise(registered: Registered, server: AdvertisingServer): Advertisement;
  /** Made once for each process; at first no caller is registered. */
  authenticator(tools: MethodTools): Authenticator;
}

/** Recognises and proves the credentials of one method. */
export interface MethodAuthenticator<Registered> {
  /** From the next request on, these are the only callers that registered the method. */
  replace(registrations: readonly Registration<Registered>[]): void;
  /**
   * The credentials of this method in a request, one for each place where there are some. Never throws.
   * @param header the one `Authorization` header of the request, split
   */
  find(header: Authorization | undefined, request: PresentedCredentials): readonly FoundCredentials[];
  /**
   * Recognises an `Authorization` header that proved a caller before and would again, without reading it. Only asked where
   * nothing else in the request says who is asking.
   */
  recall?(header: string): PresentedMethod | undefined;
}

/** A caller and what it registered for one method. Immutable. */
export interface Registration<Registered> {
  readonly caller: Caller;
  readonly registered: Registered;
}

/** A text within the section of a method that no other caller may have. */
export interface UniqueTerm<Section> {
  /** The key within that section. */
  readonly at: string;
  /** What a second caller with it should have had instead. */
  readonly expected: string;
  of(section: Section): string;
}

/** What else of the configuration a registration depends on. */
export interface MethodContext {
  readonly clientId: string;
  /** This service's own issuer identifier (`server.identifier`); absent where there is none. */
  readonly identifier: string | undefined;
}

/** What of the public listener decides which methods can be used. */
export interface AdvertisingServer {
  /** Whether connections are asked for client certificates. */
  readonly hasClientAuthorities: boolean;
}

/** How callers may authenticate, as the metadata (RFC 8414 §2) publishes it. */
export interface Advertisement {
  /** Registered token endpoint authentication methods, and access token types. */
  readonly methods: readonly string[];
  /** Algorithms that client assertions are verified with; empty where no method takes assertions. */
  readonly assertionAlgorithms: readonly Algorithm[];
}

/** What methods work with. */
export interface MethodTools extends Pick<Host, 'clock'> {
  /** Limits how often weak secrets are guessed at. */
  readonly weakSecrets: WeakSecrets;
  /** Checks the signatures by which callers say who they are, each source in its turn. */
  readonly signatures: UnprovenSignatures;
  /** Remembers which assertions were used. */
  readonly replay: AssertionReplay;
  /** Verifies tokens of the registered issuers. */
  readonly tokens: TokenVerifier;
  /** The callers as issuers of their own assertions: apart from the issuers of tokens, so that neither can use keys of the other. */
  readonly assertions: {
    readonly issuers: ConfiguredIssuers;
    /** Verifies against these issuers. */
    readonly verifier: TokenVerifier;
  };
}

/** Credentials that a method recognises in a request as its own, not yet read: first it must be clear that there are no others. */
export interface FoundCredentials {
  /** A connection has its certificate whichever caller is asking: it counts only where the request itself has no credentials. */
  readonly carriedBy: 'header' | 'form' | 'connection';
  /** The error code where others are presented beside them: RFC 7521 §4.2.1 has one of its own for assertions. */
  readonly conflict: 'invalid_request' | 'invalid_client';
  /** @throws {OAuthError} 400 where they cannot be read in one way only */
  read(): PresentedMethod;
}

/** The one method by which a request says who is asking. */
export interface PresentedMethod {
  /**
   * The client ids that it can be read to claim, the likeliest first; none is verified. Failures are counted by
   * the first.
   */
  readonly claimedIds: readonly string[];
  /** Whether it could be found by trying. Only such failures are counted, and answered 429 where there were too many. */
  readonly isGuess: boolean;
  /**
   * Says who is asking.
   * @throws {OAuthError} 400 where the request contradicts what was proven; 503
   * @throws {KeysUnavailable} when a signature has to be checked and its keys cannot be known
   */
  prove(): Promise<Caller | AuthenticationFailure> | Caller | AuthenticationFailure;
  /**
   * The 401 for credentials that prove no caller, or one without any right. RFC 6749 §5.2: the challenge is of the
   * scheme that was used; where none was, any will do.
   * @param challenges one for each scheme that some caller can use
   */
  refusal(failure: AuthenticationFailure, challenges: readonly string[], isKnownCaller?: boolean): OAuthError;
}
