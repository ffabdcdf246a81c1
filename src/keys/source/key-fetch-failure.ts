/** Every way in which a fetch from an issuer fails. Closed, so that a metric label made from it is bounded. */
export const keyFetchCategories = [
  'timeout', // the absolute deadline, whatever was being waited for
  'dns', // no such name, or no answer
  'address_refused', // the name leads to an address that this issuer may not send us to
  'proxy', // the forward proxy does not answer, or refuses to connect
  'connect', // refused, reset, or closed before an answer
  'tls', // certificate, name, protocol version
  'redirect', // to where it is not followed
  'status_4xx',
  'status_5xx',
  'rate_limited', // 429
  'status_other', // anything else that is neither 200 nor an expected 304
  'protocol', // not HTTP as we understand it: cut short, encoded, malformed
  'oversize', // more than the limit, in headers or body
  'html', // an error page with status 200
  'json', // not strict JSON
  'key_set', // JSON, but no JWK Set
  'empty', // a JWK Set without a usable key
  'rollback', // a set that is older than one that was seen, by the publisher's own count
  'metadata', // discovery metadata that must not be used
  'internal', // our own fault
] as const;

/** One of {@link keyFetchCategories}. */
export type KeyFetchCategory = (typeof keyFetchCategories)[number];

/** How far a fetch came: what it was doing when it ended. */
export const fetchStages = ['resolve', 'proxy', 'connect', 'tls', 'status', 'body', 'json'] as const;

/** One of {@link fetchStages}. */
export type FetchStage = (typeof fetchStages)[number];

/** Where a fetch failed, for operators. */
export interface FetchPlace {
  /**
   * Host of the URL, with its port where that is not the usual one: of the configuration, or of metadata that we hold to it.
   * In the stage `proxy` that of the proxy.
   */
  readonly host: string;
  readonly stage: FetchStage;
  /** The issuer that metadata names instead of the registered one: a URL, without what could be a secret in it. */
  readonly named?: string;
}

/** What a {@link KeyFetchFailure} may add. */
export interface KeyFetchFailureOptions extends ErrorOptions {
  readonly status?: number;
  /** What the issuer asked for (RFC 9110 §10.2.3), in milliseconds. */
  readonly retryAfterMs?: number;
  /** As in {@link FetchPlace}. */
  readonly named?: string;
}

/** A fetch from an issuer failed. It says nothing about any key (style: a failure never changes what is accepted). */
export class KeyFetchFailure extends Error {
  override readonly name = 'KeyFetchFailure';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  private readonly named: string | undefined;
  private located: FetchPlace | undefined;

  /**
   * @param category for programs
   * @param detail for operators; a constant sentence, never anything that the issuer sent
   */
  constructor(
    readonly category: KeyFetchCategory,
    readonly detail?: string,
    options: KeyFetchFailureOptions = {},
  ) {
    super(detail ?? category, options);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.named = options.named;
  }

  /** Where it failed; absent where nobody was asked. */
  get place(): FetchPlace | undefined {
    const { located, named } = this;
    return located && named !== undefined ? { ...located, named } : located;
  }

  /** Says where it failed. Who was nearest to it says it first, and knows best. */
  at(place: FetchPlace): this {
    this.located ??= place;
    return this;
  }

  /** `error` as a failure; what is none already is our own fault. */
  static of(error: unknown): KeyFetchFailure {
    return error instanceof KeyFetchFailure ? error : new KeyFetchFailure('internal', undefined, { cause: error });
  }
}

/** What the codes of Node and undici mean here, by their beginnings. */
const meanings: readonly (readonly [RegExp, KeyFetchCategory, string])[] = [
  [
    /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_|EPROTO)/,
    'tls',
    'no trusted TLS connection',
  ],
  [/^(ENOTFOUND|EAI_|ENODATA)/, 'dns', 'the name could not be resolved'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)/, 'timeout', 'no connection in time'],
  [/^UND_ERR_HEADERS_OVERFLOW/, 'oversize', 'the headers are larger than the limit'],
  [/^(HPE_|UND_ERR_RES|UND_ERR_RESPONSE)/, 'protocol', 'the answer is not HTTP as we understand it'],
];

/** `error` of a connection as a failure of the fetch. Its own text stays in the cause: it is not ours to repeat. */
export function failureOf(error: unknown): KeyFetchFailure {
  if (error instanceof KeyFetchFailure) return error;
  const code = codeOf(error);
  for (const [beginning, category, detail] of meanings) {
    if (beginning.test(code)) return new KeyFetchFailure(category, detail, { cause: error });
  }
  return new KeyFetchFailure('connect', 'the connection was refused or broke', { cause: error });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
