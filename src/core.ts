import { BearerToken } from './callers/bearer-token.js';
import { CallerAuthenticator } from './callers/caller-authenticator.js';
import { CallerDirectory } from './callers/caller-directory.js';
import { ClientSecret } from './callers/client-secret.js';
import { FailedAttempts } from './callers/failed-attempts.js';
import { MemoryAssertionReplay } from './callers/memory-assertion-replay.js';
import { MutualTls } from './callers/mutual-tls.js';
import { PrivateKeyJwt } from './callers/private-key-jwt.js';
import { Introspector } from './introspection/introspector.js';
import { ServerMetadata } from './introspection/server-metadata.js';
import { ConfiguredIssuers } from './issuers/configured-issuers.js';
import { composeKeyStore, type SharedState } from './keys/compose-key-store.js';
import { composeKeys } from './keys/compose-keys.js';
import type { KeyManager } from './keys/key-manager.js';
import { LoggedKeyEvents } from './keys/logged-key-events.js';
import type { PreparedConfiguration } from './prepare-configuration.js';
import type { Clock } from './shared/clock.js';
import type { Logger } from './telemetry/logger.js';
import { TokenVerifier } from './verification/token-verifier.js';

/** Everything that judges, at first knowing nobody: built once, handed to both applications by value (docs/adr/0001-two-nest-applications.md). */
export class Core {
  readonly issuers = new ConfiguredIssuers();
  readonly keys: KeyManager;
  readonly introspector: Introspector;
  readonly authenticator: CallerAuthenticator;
  readonly metadata = new ServerMetadata({ identifier: '', methods: [], assertionAlgorithms: [] });
  private readonly assertionIssuers = new ConfiguredIssuers();
  private readonly assertionKeys: KeyManager;
  private readonly callers = new CallerDirectory(this.assertionIssuers);

  /** @param shared what other replicas have a part in; absent: one process, in memory */
  constructor(
    clock: Clock,
    logger: Logger,
    private readonly shared?: SharedState,
  ) {
    const events = new LoggedKeyEvents(logger);
    const keysOf = (issuers: ConfiguredIssuers): KeyManager => {
      const tools = { issuers, clock, events };
      const store = composeKeyStore({ ...tools, ...(shared && { shared }) });
      return composeKeys({ ...tools, store, ...(shared && { news: shared.news }) });
    };
    this.keys = keysOf(this.issuers);
    // Callers vouch for themselves, and for nothing else: their keys must never meet those of token issuers.
    this.assertionKeys = keysOf(this.assertionIssuers);
    const tokens = new TokenVerifier(this.issuers, this.keys, clock);
    const assertions = new TokenVerifier(this.assertionIssuers, this.assertionKeys, clock);
    this.introspector = new Introspector(tokens);
    this.authenticator = new CallerAuthenticator(
      this.callers,
      {
        clientSecret: new ClientSecret(this.callers, clock),
        privateKeyJwt: new PrivateKeyJwt(this.callers, assertions, new MemoryAssertionReplay(clock)),
        mutualTls: new MutualTls(this.callers, clock),
        bearerToken: new BearerToken(this.callers, tokens),
      },
      new FailedAttempts(clock),
    );
  }

  /** Swaps everything in one tick: no request sees an issuer of one configuration and a caller of another. */
  apply({ issuers, callers, metadata }: PreparedConfiguration): void {
    this.issuers.replace(issuers);
    this.callers.replace(callers);
    this.metadata.replace(metadata);
  }

  /** Starts to look for keys. Nothing waits for them here, nor for Redis. */
  start(): void {
    this.shared?.connections.open();
    this.shared?.members.start();
    this.shared?.news.start();
    this.keys.start();
    this.assertionKeys.start();
  }

  stop(): void {
    this.keys.stop();
    this.assertionKeys.stop();
  }

  /** Leaves what is shared. Nothing may need it any more. */
  async disconnect(): Promise<void> {
    await Promise.all([this.shared?.members.stop(), this.shared?.news.stop()]);
    await this.shared?.connections.close();
  }
}
