import type { IncomingHttpHeaders } from 'node:http';
import { Client, type Dispatcher } from 'undici';
import { traceHeaders } from '../../telemetry/tracing/child-span.js';
import type { IssuerNetwork } from '../../issuers/issuer.js';
import { GuardedConnector, systemResolve, type Resolve } from './guarded-connector.js';
import { failureOf, KeyFetchFailure, type FetchPlace } from './key-fetch-failure.js';
import type { Validators } from './key-source.js';
import { headerOf, retryAfterMsOf } from './response-freshness.js';

/** One question to an issuer. */
export interface HttpQuestion {
  readonly url: string;
  readonly network: IssuerNetwork;
  /** Whether the issuer's bearer token may be shown to this host. */
  readonly mayAuthorize: boolean;
  readonly validators?: Validators;
}

/** An answer that may count: 200 with a body that is not a web page, or a 304 that was asked for. */
export interface HttpAnswer {
  readonly status: 200 | 304;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** 50 KiB was too small in practice, no limit is how verifiers ran out of memory. */
export const LARGEST_BODY_BYTES = 256 * 1_024;
const LARGEST_HEADERS_BYTES = 16 * 1_024;

/**
 * Asks issuers over HTTP, and believes nothing: addresses are checked where they are dialled, redirects are not followed,
 * proxies of the environment are not used, cookies do not exist, bodies are bounded while they arrive.
 *
 * Encoded bodies are refused rather than decoded within bounds: we ask for `identity`, which every server can do, and
 * what is never inflated cannot be a bomb (attack F-01).
 */
export class GuardedHttp {
  constructor(private readonly resolve: Resolve = systemResolve) {}

  /**
   * @param signal aborts, with a reason, when the time is over
   * @throws {KeyFetchFailure}
   */
  async get(question: HttpQuestion, signal: AbortSignal): Promise<HttpAnswer> {
    const first = new Attempt(question, this.resolve);
    try {
      return await first.run(signal);
    } catch (error) {
      // A connection that broke before the first byte of an answer says nothing about the issuer.
      const mayRetry = KeyFetchFailure.of(error).category === 'connect' && first.bytesReceived === 0;
      if (!mayRetry || signal.aborted) throw error;
      return new Attempt(question, this.resolve).run(signal);
    }
  }
}

/** One request on a connection of its own: at this rate a pool would only outlive what it was checked for. */
class Attempt {
  private readonly url: URL;
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

  get bytesReceived(): number {
    return this.connector.bytesReceived;
  }

  private get place(): FetchPlace {
    return { host: this.url.host, stage: this.hasHead ? 'body' : this.connector.stage };
  }

  async run(signal: AbortSignal): Promise<HttpAnswer> {
    const abort = (): void => {
      if (signal.reason instanceof KeyFetchFailure) signal.reason.at(this.place);
      this.connector.destroy();
      void this.client.destroy(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      const response = await this.client.request({
        method: 'GET',
        path: this.url.pathname + this.url.search,
        headers: headersOf(this.question),
      });
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

function headersOf({ validators, network, mayAuthorize }: HttpQuestion): Record<string, string> {
  return {
    accept: 'application/jwk-set+json, application/json',
    'accept-encoding': 'identity',
    // Our rate is tiny, and a cache on the way is how withdrawn keys live on.
    'cache-control': 'no-cache',
    'user-agent': 'assay',
    ...traceHeaders(),
    ...(validators?.etag === undefined ? {} : { 'if-none-match': validators.etag }),
    ...(validators?.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
    ...(mayAuthorize && network.bearerToken !== undefined ? { authorization: `Bearer ${network.bearerToken}` } : {}),
  };
}

async function read(response: Dispatcher.ResponseData, { validators }: HttpQuestion): Promise<HttpAnswer> {
  const { statusCode, headers } = response;
  // A broken body must not become an unhandled error when the head is enough to refuse it.
  response.body.on('error', () => undefined);
  if (statusCode === 304 && validators) return { status: 304, headers, body: new Uint8Array() };
  if (statusCode !== 200) throw refusedStatus(statusCode, headers);
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new KeyFetchFailure('protocol', 'the body is encoded');
  if (/^\s*(text\/html|application\/xhtml)/i.test(headerOf(headers, 'content-type') ?? '')) {
    throw new KeyFetchFailure('html', 'a web page instead of JSON');
  }
  return { status: 200, headers, body: await readBody(response) };
}

async function readBody({ body, headers }: Dispatcher.ResponseData): Promise<Uint8Array> {
  const tooLarge = new KeyFetchFailure('oversize', 'the body is larger than the limit');
  if (Number(headerOf(headers, 'content-length') ?? 0) > LARGEST_BODY_BYTES) throw tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function refusedStatus(status: number, headers: IncomingHttpHeaders): KeyFetchFailure {
  const retryAfterMs = retryAfterMsOf(headers);
  const options = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 429) return new KeyFetchFailure('rate_limited', 'the issuer limits our rate', options);
  if (status >= 500) return new KeyFetchFailure('status_5xx', 'the issuer reports an error of its own', options);
  if (status >= 400) return new KeyFetchFailure('status_4xx', 'the issuer refuses to answer', options);
  if (status >= 300 && status !== 304) return new KeyFetchFailure('redirect', 'redirects are not followed', options);
  return new KeyFetchFailure('status_other', 'neither a set nor a confirmation', options);
}
