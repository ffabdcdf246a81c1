/** Sends a token to its issuer and to nobody else, over connections that are kept for that issuer alone. */
import type { IncomingHttpHeaders } from 'node:http';
import { Pool, type Dispatcher } from 'undici';
import type { IssuerNetwork } from '../issuers/issuer-network.js';
import { GuardedConnector, systemResolve } from '../keys/source/guarded-connector.js';
import { failureOf } from '../keys/source/key-fetch-failure.js';
import { headerOf, retryAfterMsOf } from '../keys/source/response-freshness.js';
import type { ClientRequests } from '../telemetry/client-requests.js';
import { traceHeaders } from '../telemetry/tracing/child-span.js';
import { upstreamCategoryOf, UpstreamFailure } from './upstream-failure.js';

/** What is posted to an issuer. */
export interface UpstreamQuestion {
  readonly url: string;
  /** Value of `Authorization`, where we say so who we are. */
  readonly authorization?: string | undefined;
  /** Further headers that the server demands. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Media type of the body. */
  readonly type: 'application/x-www-form-urlencoded' | 'application/json';
  /** The token is here and nowhere else: a URL would be in every log on the way. */
  readonly body: string;
  /** The only media type of an answer that is read. */
  readonly accepts: AnswerType;
  /** The status of an answer: TokenReview is asked by creating one. */
  readonly status: 200 | 201;
}

/** Media types of answers; the second is that of signed ones (RFC 9701 §5). */
export type AnswerType = 'application/json' | 'application/token-introspection+jwt';

/** Longest answer: what is said of one token. */
export const LARGEST_ANSWER_BYTES = 64 * 1_024;
const LARGEST_HEADERS_BYTES = 16 * 1_024;
/** So long a connection without work is kept. */
const IDLE_MS = 4_000;
/** Longest time that a server may ask us to keep one: its address was checked when it was made. */
const LONGEST_IDLE_MS = 30_000;

/**
 * Asks one issuer about tokens, over connections that are kept for it alone. Addresses are checked where they are dialled; nothing
 * follows a redirect, because that would carry the token elsewhere; the proxies of the environment are not used; cookies do not exist.
 */
export class UpstreamHttp {
  private readonly pools = new Map<string, Pool>();

  constructor(
    private readonly network: IssuerNetwork,
    private readonly connections: number,
    /** Measures what is asked. */
    private readonly requests: ClientRequests,
  ) {}

  /**
   * @param signal aborts, with a reason, when the time is over
   * @returns the octets of the answer
   * @throws {UpstreamFailure}
   */
  async post(question: UpstreamQuestion, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.measured(question, signal);
    } catch (error) {
      // A connection that was kept may have been closed by the other side just now. The same server is asked again, no other.
      const isStale = error instanceof UpstreamFailure && error.category === 'connect' && !signal.aborted;
      if (!isStale) throw error;
      return this.measured(question, signal);
    }
  }

  /** Closes what is idle now, and the rest when its answers have come. */
  close(): void {
    for (const pool of this.pools.values()) pool.close().catch(() => undefined);
    this.pools.clear();
  }

  private measured(question: UpstreamQuestion, signal: AbortSignal): Promise<Uint8Array> {
    const url = new URL(question.url);
    const work = (answered: (status: number) => void): Promise<Uint8Array> =>
      this.attempt(url, question, signal, answered);
    return this.requests.run({ method: 'POST', url, failure: upstreamCategoryOf, work });
  }

  private async attempt(
    url: URL,
    question: UpstreamQuestion,
    signal: AbortSignal,
    answered: (status: number) => void,
  ): Promise<Uint8Array> {
    try {
      signal.throwIfAborted();
      const response = await this.poolFor(url).request({
        method: 'POST',
        path: url.pathname + url.search,
        headers: headersOf(question),
        body: question.body,
        signal,
      });
      answered(response.statusCode);
      return await read(response, question);
    } catch (error) {
      throw UpstreamFailure.of(
        signal.aborted ? signal.reason : error instanceof UpstreamFailure ? error : failureOf(error),
      );
    }
  }

  private poolFor({ origin }: URL): Pool {
    const known = this.pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, {
      connections: this.connections,
      pipelining: 1,
      connect: (options, callback) => {
        new GuardedConnector(this.network, systemResolve).connect(options, callback);
      },
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: LONGEST_IDLE_MS,
      // One absolute deadline, the signal, replaces the timeouts between reads: they never stop a drip.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    this.pools.set(origin, pool);
    return pool;
  }
}

function headersOf({ authorization, headers, type, accepts }: UpstreamQuestion): Record<string, string> {
  return {
    ...headers,
    accept: accepts,
    'accept-encoding': 'identity',
    'content-type': type,
    'user-agent': 'assay',
    ...traceHeaders(),
    ...(authorization !== undefined && { authorization }),
  };
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { accepts, status }: UpstreamQuestion,
): Promise<Uint8Array> {
  // A broken body must not become an unhandled error when the head is enough to refuse it.
  body.on('error', () => undefined);
  const refusal = statusCode === status ? refusedType(headers, accepts) : refusedStatus(statusCode, headers);
  if (refusal) {
    body.destroy();
    throw refusal;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) throw new UpstreamFailure('oversize', 'the answer is larger than the limit');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function refusedType(headers: IncomingHttpHeaders, accepts: AnswerType): UpstreamFailure | undefined {
  const encoding = (headerOf(headers, 'content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity') return new UpstreamFailure('protocol', 'an encoding that nobody asked for');
  const type = (headerOf(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/html' || type === 'application/xhtml+xml')
    return new UpstreamFailure('html', 'a web page instead of an answer');
  if (type === accepts) return undefined;
  // RFC 9701 §5: if an unsigned answer were taken in place of a signed one, whoever forges answers would just not sign them.
  return accepts === 'application/json'
    ? new UpstreamFailure('protocol', 'not application/json (RFC 7662 §2.2)')
    : new UpstreamFailure('unsigned', 'not signed, and opaque.signed requires it (RFC 9701 §5)');
}

function refusedStatus(status: number, headers: IncomingHttpHeaders): UpstreamFailure {
  const retryAfterMs = retryAfterMsOf(headers);
  if (status === 401 || status === 403)
    return new UpstreamFailure('credentials_refused', 'the issuer does not accept our credentials');
  if (status === 429) return new UpstreamFailure('rate_limited', 'the issuer limits our rate', retryAfterMs);
  if (status >= 500) return new UpstreamFailure('status_5xx', 'the issuer reports an error of its own', retryAfterMs);
  if (status >= 400) return new UpstreamFailure('status_4xx', 'the issuer refuses to answer');
  if (status >= 300) return new UpstreamFailure('redirect', 'redirects are never followed with a token');
  return new UpstreamFailure('status_other', 'a status without an answer');
}
