/** Sends one request to an issuer and believes nothing of the answer: the only way out of this program to issuers. */
import type { IncomingHttpHeaders } from 'node:http';
import { Client, type Dispatcher } from 'undici';
import { readKeyUrl } from '../../shared/key-url.js';
import type { ClientRequests } from '../../telemetry/client-requests.js';
import { traceHeaders } from '../../telemetry/tracing/child-span.js';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import { readBody } from './answer-body.js';
import { GuardedConnector, systemResolve, type Resolve } from './guarded-connector.js';
import { failureOf, KeyFetchFailure, type FetchPlace } from './key-fetch-failure.js';
import type { Validators } from './key-source.js';
import { headerOf, retryAfterMsOf } from './response-freshness.js';

/** What is sent with `POST`. To that, `202` and `204`, which have no content, are good answers too. */
export interface HttpPost {
  /** Media type of `body`. */
  readonly type: string;
  readonly body: string;
}

/** One question to an issuer. */
export interface HttpQuestion {
  readonly url: string;
  readonly network: IssuerNetwork;
  /** Whether the issuer's bearer token and request headers may be shown to this host. */
  readonly mayAuthorize: boolean;
  /** The value of `Authorization` for this question alone: a secret. It is not shown where a redirect leads. */
  readonly authorization?: string | undefined;
  readonly validators?: Validators;
  /** Absent: the document at the URL is asked for. */
  readonly post?: HttpPost;
}

/** An answer that may count: 200 with a body that is not a web page, a 304 that was asked for, or 204 to what was sent. */
export interface HttpAnswer {
  readonly status: 200 | 204 | 304;
  readonly headers: IncomingHttpHeaders;
  /** Decoded; without a byte order mark. */
  readonly body: Uint8Array;
  /** It came from another URL than the one that was asked. */
  readonly isRedirected?: boolean;
  /** It calls itself a web page. */
  readonly isPage?: boolean;
}

/** An answer that leads elsewhere. */
interface Redirect {
  readonly status: 'redirect';
  readonly url: string;
}

const LARGEST_HEADERS_BYTES = 16 * 1_024;
/** A server that names its document once more, and once more for a version: nobody needs more. */
const MOST_REDIRECTS = 3;

/**
 * Asks issuers over HTTP, and believes nothing: addresses are checked where they are dialled, redirects are followed only where
 * the configuration says so and only to the same server, proxies of the environment are not used, cookies do not exist, bodies are
 * bounded while they arrive and while they are decoded.
 */
export class GuardedHttp {
  /** @param requests measures what is asked; absent: nobody does */
  constructor(
    private readonly resolve: Resolve = systemResolve,
    private readonly requests?: ClientRequests,
  ) {}

  /**
   * @param signal aborts, with a reason, when the time is over
   * @throws {KeyFetchFailure}
   */
  async get(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
    let answer = await this.ask(question, signal);
    for (let hops = 1; answer.status === 'redirect'; hops++) {
      if (hops > MOST_REDIRECTS) throw redirectRefused('more than three redirects', question.url);
      // Without validators: they are of the URL that was asked first, and say nothing of where it leads.
      const { network, mayAuthorize } = question;
      const next = await this.ask({ url: answer.url, network, mayAuthorize }, signal);
      answer = next.status === 'redirect' ? next : { ...next, isRedirected: true };
    }
    return answer;
  }

  private async ask(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer | Redirect> {
    const first = new Attempt(question, this.resolve);
    try {
      return await this.measured(first, signal);
    } catch (error) {
      // A connection that broke before the first byte of an answer says nothing about the issuer.
      const mayRetry = KeyFetchFailure.of(error).category === 'connect' && first.bytesReceived === 0;
      if (!mayRetry || signal.aborted) throw error;
      return this.measured(new Attempt(question, this.resolve), signal);
    }
  }

  private measured(attempt: Attempt, signal: AbortSignal): Promise<HttpAnswer | Redirect> {
    if (!this.requests) return attempt.run(signal, () => undefined);
    const work = (answered: (status: number) => void): Promise<HttpAnswer | Redirect> => attempt.run(signal, answered);
    return this.requests.run({ method: attempt.method, url: attempt.url, failure: categoryOf, work });
  }
}

function categoryOf(error: unknown): string {
  return KeyFetchFailure.of(error).category;
}

/** One request on a connection of its own: at this rate a pool would only outlive what it was checked for. */
class Attempt {
  readonly url: URL;
  private readonly connector: GuardedConnector;
  private readonly client: Client;
  private hasHead = false;

  constructor(
    private readonly question: HttpQuestion,
    resolve: Resolve,
  ) {
    this.url = new URL(question.url);
    this.connector = new GuardedConnector(question.network, resolve);
    this.client = new Client(this.url.origin, {
      connect: this.connector.connect,
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      // One absolute deadline, the signal, replaces the timeouts between reads: they never stop a drip (defect D9).
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
  }

  get method(): 'GET' | 'POST' {
    return this.question.post ? 'POST' : 'GET';
  }

  get bytesReceived(): number {
    return this.connector.bytesReceived;
  }

  private get place(): FetchPlace {
    const { stage } = this.connector;
    const { proxy } = this.question.network;
    if (proxy && stage === 'proxy') return { host: `${proxy.hostname}:${proxy.port}`, stage };
    return { host: this.url.host, stage: this.hasHead ? 'body' : stage };
  }

  /** @param answered is told the status as soon as it is there */
  async run(signal: AbortSignal, answered: (status: number) => void): Promise<HttpAnswer | Redirect> {
    const abort = (): void => {
      if (signal.reason instanceof KeyFetchFailure) signal.reason.at(this.place);
      this.connector.destroy();
      void this.client.destroy(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      const response = await this.client.request({
        method: this.method,
        path: this.url.pathname + this.url.search,
        headers: headersOf(this.question),
        body: this.question.post?.body ?? null,
      });
      answered(response.statusCode);
      this.hasHead = response.statusCode === 200;
      return await read(response, this.question);
    } catch (error) {
      throw (signal.aborted ? KeyFetchFailure.of(signal.reason) : failureOf(error)).at(this.place);
    } finally {
      signal.removeEventListener('abort', abort);
      this.connector.destroy();
      void this.client.destroy();
    }
  }
}

function headersOf({ validators, network, mayAuthorize, authorization, post }: HttpQuestion): Record<string, string> {
  return {
    accept: post ? 'application/json' : 'application/jwk-set+json, application/json',
    // Every server can do that. What comes encoded all the same is decoded within bounds.
    'accept-encoding': 'identity',
    // Our rate is tiny, and a cache on the way is how withdrawn keys live on.
    'cache-control': 'no-cache',
    'user-agent': 'assay',
    ...traceHeaders(),
    ...(validators?.etag === undefined ? {} : { 'if-none-match': validators.etag }),
    ...(validators?.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
    ...(mayAuthorize && network.bearerToken !== undefined ? { authorization: `Bearer ${network.bearerToken}` } : {}),
    ...(mayAuthorize ? network.headers : {}),
    ...(post && { 'content-type': post.type }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

async function read(response: Dispatcher.ResponseData, question: HttpQuestion): Promise<HttpAnswer | Redirect> {
  const { statusCode, headers } = response;
  // A broken body must not become an unhandled error when the head is enough to refuse it.
  response.body.on('error', () => undefined);
  if (statusCode === 304 && question.validators) return { status: 304, headers, body: new Uint8Array() };
  if (question.post && (statusCode === 202 || statusCode === 204))
    return { status: 204, headers, body: new Uint8Array() };
  if (redirects.has(statusCode)) return redirectOf(headers, question);
  if (statusCode !== 200) throw refusedStatus(statusCode, headers);
  return { status: 200, headers, ...(await readBody(response)) };
}

/** Those that name another place for the same document (RFC 9110 §15.4). */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Another scheme, host or port is another server: it is neither the one that the configuration names nor one that may see credentials. */
function redirectOf(headers: IncomingHttpHeaders, { url, network, post }: HttpQuestion): Redirect {
  if (post) throw redirectRefused('what is sent is never sent elsewhere', url);
  if (!network.followsRedirects) {
    throw redirectRefused(
      'redirects are not followed; network.followRedirects: sameHost follows those to the same host',
      url,
    );
  }
  const location = headerOf(headers, 'location') ?? '';
  if (location === '' || !URL.canParse(location, url)) throw redirectRefused('a redirect to nowhere', url);
  const target = readKeyUrl(new URL(location, url).href, network);
  if (!(target instanceof URL) || target.origin !== new URL(url).origin) {
    throw redirectRefused('a redirect to another host, port or scheme, which is never followed', url);
  }
  return { status: 'redirect', url: target.href };
}

function redirectRefused(detail: string, url: string): KeyFetchFailure {
  return new KeyFetchFailure('redirect', detail).at({ host: new URL(url).host, stage: 'status' });
}

function refusedStatus(status: number, headers: IncomingHttpHeaders): KeyFetchFailure {
  const retryAfterMs = retryAfterMsOf(headers);
  const options = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 429) return new KeyFetchFailure('rate_limited', 'the issuer limits our rate', options);
  if (status >= 500) return new KeyFetchFailure('status_5xx', 'the issuer reports an error of its own', options);
  if (status >= 400) return new KeyFetchFailure('status_4xx', 'the issuer refuses to answer', options);
  if (status >= 300 && status !== 304)
    return new KeyFetchFailure('redirect', 'a redirect of a kind that is never followed', options);
  return new KeyFetchFailure('status_other', 'neither a set nor a confirmation', options);
}
