import { ClaimValidator } from '../../src/claims/claim-validator.js';
import type { CallerAuthenticator } from '../../src/callers/caller-authenticator.js';
import { Callers } from '../../src/callers/callers.js';
import type { CallerSection } from '../../src/callers/registration/callers.config.js';
import { prepareCaller } from '../../src/callers/registration/prepare-callers.js';
import type { ProxyAuthenticator } from '../../src/callers/proxy-authenticator.js';
import { Authorizer } from '../../src/gateway/authorizer.js';
import { ResourceDocuments } from '../../src/gateway/resource-documents.js';
import { VerdictRecorder } from '../../src/introspection/verdicts/verdict-recorder.js';
import { Introspector } from '../../src/introspection/introspector.js';
import { ProofIntrospector } from '../../src/introspection/proof-introspector.js';
import { AnswerSigner } from '../../src/introspection/signed/answer-signer.js';
import { prepareSigning, signingAlgorithms } from '../../src/signing/prepare-signing.js';
import type { SigningSection } from '../../src/signing/signing.config.js';
import { MeanLoopDelay, Overload } from '../../src/transport/overload.js';

import { RequestObserver } from '../../src/transport/request-observer.js';
import type { TrustedProxies } from '../../src/transport/trusted-proxies.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import type { KeyResolver } from '../../src/keys/key-resolver.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import type { Algorithm } from '../../src/tokens/algorithms.js';
import { UnavailableBudget } from '../../src/verification/unavailable-budget.js';
import { VerifiedTokenCache } from '../../src/verification/verified-token-cache.js';
import { RecordedProblems } from '../builders/recorded-problems.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { wholeLog } from '../fakes/whole-log.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { aProofChecker, type ProofParts } from '../proofs/support/a-proof-checker.js';
import { contextOf } from '../vectors/all-cases.js';
import type { VectorContext } from '../vectors/vector.js';
import { AUDIENCE, HeldKeys, ListedIssuers, makeWorld, type World } from '../vectors/world.js';

/** This service's own identifier. */
export const IDENTIFIER = 'https://assay.example.com';

/** The secret of every caller that is not registered otherwise. */
export const SECRET = 'orders-secret-Yb7QxT2mVn5RkW9c';

const common = { proxy: false };
const everything = { issuers: 'any', audiences: 'any', claims: 'any' } as const;

/** Where the clients of the profile `resource` learn who issues tokens. */
export const RESOURCE_METADATA = 'https://api.corp.example/.well-known/oauth-protected-resource';

const profile = { proxy: true, ...everything };

const callers: readonly CallerSection[] = [
  { id: 'orders', ...common, secrets: [{ value: SECRET }], ...everything },
  { id: 'narrow', ...common, secrets: [{ value: SECRET }], issuers: ['main'], audiences: [AUDIENCE], claims: ['sub'] },
  { id: 'elsewhere', ...common, secrets: [{ value: SECRET }], ...everything, issuers: ['same-kid'] },
  { id: 'deaf', ...common, secrets: [{ value: SECRET }], ...everything, audiences: ['https://other.example'] },
  { id: 'idle', ...common, secrets: [{ value: SECRET }], issuers: [], audiences: [], claims: [] },
  { id: 'mesh', ...common, certificate: { sanUri: 'spiffe://corp.example/orders' }, ...everything },
  { id: 'workload', ...common, token: { issuer: 'main', subject: 'workload', audience: IDENTIFIER }, ...everything },
  { id: 'edge', ...profile },
  { id: 'edge-cors', ...profile, allowPreflight: true },
  { id: 'edge-access', ...profile, tokenFrom: [{ header: 'Cf-Access-Jwt-Assertion' }, { header: 'Authorization' }] },
  { id: 'edge-iap', ...profile, tokenFrom: [{ header: 'x-goog-iap-jwt-assertion' }] },
  { id: 'edge-narrow', ...profile, issuers: ['main'], audiences: [AUDIENCE], claims: ['sub'] },
  { id: 'edge-elsewhere', ...profile, issuers: ['same-kid'] },
  { id: 'orders-edge', ...profile },
  { id: 'edge-idle', ...profile, issuers: [] },
  { id: 'edge-limited', ...profile, rateLimit: { perSecond: 1, burst: 2, shared: false } },
  { id: 'edge-mesh', ...profile, certificate: { sanUri: 'spiffe://corp.example/edge' } },
  { id: 'resource', ...profile, resourceMetadata: RESOURCE_METADATA },
  limitedCaller('limited'),
];

/** A caller whose third question is one too many, since the clock stands still. */
export function limitedCaller(id: string, proxy = false): CallerSection {
  return {
    id,
    proxy,
    secrets: [{ value: SECRET }],
    rateLimit: { perSecond: 1, burst: 2, shared: false },
    ...everything,
  };
}

/** Its keys take a second to make, and nobody changes them. */
let sharedWorld: Promise<World> | undefined;

/** What a test may set up otherwise. */
export interface ReceptionOptions {
  /** Wraps the keys that the verifier gets. */
  readonly keys?: (held: HeldKeys) => KeyResolver;
  /** Puts something else in the place of the use case. */
  readonly introspector?: Introspector;
  /** Callers beside those of every test, by their configuration. */
  readonly callers?: readonly CallerSection[];
  /** Keys of our own, with which answers are signed. */
  readonly signing?: SigningSection;
  /** What proofs are checked with, where it is not this process alone. */
  readonly proofs?: ProofParts;
}

/** What stands behind every endpoint of a test: the real core over the world of the vectors. Its clock stands still. */
export class Reception {
  readonly logLines: string[] = [];
  readonly telemetry: Telemetry;
  readonly logger = wholeLog('debug', (line) => this.logLines.push(line));
  readonly audit = new RecordingAudit();
  readonly decisions: VerdictRecorder;
  readonly authenticator: CallerAuthenticator;
  readonly introspector: Introspector;
  readonly withProofs: ProofIntrospector;
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  /** What is published of the resources behind proxies. */
  readonly documents: ResourceDocuments;
  readonly signer: AnswerSigner;
  /** How late the event loop is said to be, in milliseconds. */
  readonly loopDelay = new SaidLoopDelay();
  readonly overload: Overload;
  private signing: SigningSection | undefined;
  /** Tokens that got as far as the use case. */
  introspected = 0;

  private constructor(
    readonly clock: FakeClock,
    readonly keys: HeldKeys,
    readonly context: VectorContext,
    { keys: wrapKeys, introspector, callers: further = [], proofs, signing }: ReceptionOptions,
  ) {
    const memory = new VerifiedTokenCache(64 * 1024 ** 2);
    const allKeys = wrapKeys?.(keys) ?? keys;
    const issuers = ListedIssuers.of(context.world);
    const verifier = new TokenVerifier(
      issuers,
      allKeys,
      new ClaimValidator(clock),
      undefined,
      memory,
      undefined,
      new UnavailableBudget({ clock, report: () => undefined }),
    );
    const { authenticator, proxies, directory } = callersOver(verifier, keys, clock, {
      sections: [...callers, ...further],
      signing,
    });
    this.signer = new AnswerSigner(clock);
    this.authenticator = authenticator;
    this.proxies = proxies;
    this.documents = new ResourceDocuments({ callers: directory, issuers });
    this.introspector = this.counting(introspector ?? new Introspector(verifier));
    this.decisions = new VerdictRecorder({ logger: this.logger, audit: this.audit, clock }, issuers);
    const checker = aProofChecker(clock, proofs);
    const age = () => ({ nowMs: clock.wallMs(), maxAgeMs: 60_000 });
    this.authorizer = new Authorizer(this.introspector, checker, age, this.signer);
    this.withProofs = new ProofIntrospector(this.introspector, checker);
    this.overload = new Overload(clock, this.loopDelay, 250);
    this.telemetry = Telemetry.local(clock);
  }

  /** Who hears of every request. */
  observer(trusted: TrustedProxies): RequestObserver {
    return new RequestObserver({ clock: this.clock, telemetry: this.telemetry, trusted });
  }

  static async open(options: ReceptionOptions = {}): Promise<Reception> {
    const world = await (sharedWorld ??= makeWorld());
    const clock = new FakeClock();
    const context = contextOf(world, clock.wallMs() / 1000);
    const reception = new Reception(clock, await HeldKeys.of(world), context, options);
    if (options.signing) await reception.signWith(options.signing);
    return reception;
  }

  /** From now on answers are signed with these keys. */
  async signWith(signing: SigningSection): Promise<void> {
    this.signing = signing;
    const recorded = new RecordedProblems();
    const keys = await prepareSigning(signing, recorded.place('server.signing'));
    recorded.expectNone();
    this.signer.replace({ issuer: IDENTIFIER, keys });
  }

  /** What answers can be signed with. */
  get signingAlgorithms(): readonly Algorithm[] {
    return [...signingAlgorithms(this.signing ?? { keys: [] })];
  }

  /** Log lines in words, for searching. */
  get log(): string {
    return this.logLines.join('');
  }

  private counting(introspector: Introspector): Introspector {
    const original = introspector.introspect.bind(introspector);
    introspector.introspect = (...asked) => {
      this.introspected++;
      return original(...asked);
    };
    return introspector;
  }
}

function callersOver(
  tokens: TokenVerifier,
  keys: KeyResolver,
  clock: FakeClock,
  { sections, signing }: { readonly sections: readonly CallerSection[]; readonly signing: SigningSection | undefined },
): Callers {
  const issuers = new ConfiguredIssuers();
  const verifier = new TokenVerifier(issuers, keys, new ClaimValidator(clock));
  const all = new Callers({ clock, tokens, assertions: { issuers, verifier } });
  const recorded = new RecordedProblems();
  const place = recorded.place('callers');
  const context = { identifier: IDENTIFIER, signing };
  const prepared = sections.flatMap((section, i) => prepareCaller(section, place.at(i), context) ?? []);
  recorded.expectNone();
  all.replace(prepared);
  return all;
}

/** A delay that a test chooses. */
class SaidLoopDelay extends MeanLoopDelay {
  ms = 0;

  override take(): number {
    return this.ms;
  }

  override stop(): void {
    // Nothing runs.
  }
}
