/** How {@link CachingClient} asks. */
export interface CachingClientOptions {
  readonly url: string;
  readonly id: string;
  readonly secret: string;
  readonly maxAgeMs?: number;
  readonly behindMs?: number;
  readonly fetch?: typeof fetch;
}

/** Answers of introspection, kept until something that was revoked may concern them. */
export class CachingClient {
  constructor(options: CachingClientOptions);
  introspect(token: string): Promise<{ readonly active: boolean } & Readonly<Record<string, unknown>>>;
  follow(signal: AbortSignal): Promise<void>;
}
