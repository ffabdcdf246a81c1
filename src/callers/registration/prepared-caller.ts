import type { RateLimit } from '../limits/rate-limit.js';
import type { RegisteredCaller } from '../methods/caller-methods.js';

/** A registered caller with everything that could authenticate it; what it did not register is `undefined`. Immutable. */
export interface PreparedCaller extends RegisteredCaller {
  /** How often it may ask; `undefined`: as often as it likes. */
  readonly rateLimit: RateLimit | undefined;
  /** Proxies may ask in its name. */
  readonly proxy: ProxyProfile | undefined;
}

/** What proxies that ask in the name of a caller say to their clients. */
export interface ProxyProfile {
  /** URL of the protected resource metadata (RFC 9728 §5.1); printable, without quotes. */
  readonly resourceMetadata?: string;
}
