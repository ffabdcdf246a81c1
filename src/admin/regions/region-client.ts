/** Asks the admin API of another region, as guarded as any request to an issuer. */
import { Client, type Dispatcher } from 'undici';
import { readBody } from '../../keys/source/answer-body.js';
import { GuardedConnector, systemResolve, type Resolve } from '../../keys/source/guarded-connector.js';
import { failureOf, KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { Clock } from '../../shared/clock.js';
import { isJsonObject, type JsonObject } from '../../shared/json-value.js';
import { readStrictJson } from '../../shared/strict-json.js';
import type { AdminRegionTerms } from './region-terms.js';

/** Longest time of one question to another region, whatever it is waiting for. In milliseconds. */
export const REGION_BOUND_MS = 3_000;

const LARGEST_HEADERS_BYTES = 16 * 1_024;

/** A report names up to a thousand issuers, each with a few members, and some hundred denied keys. */
const MOST_MEMBERS = 20_000;

/** One question to the admin API of another region. */
export interface RegionQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/admin/v1/`, with its parts encoded. */
  readonly path: string;
  readonly body?: object;
}

/** What a region has answered, whatever it was. */
export interface RegionAnswer {
  readonly status: number;
  /** Empty where the answer had no body. */
  readonly body: JsonObject;
}

/**
 * Asks other regions as keys are fetched: addresses are checked where they are dialled, certificates always, redirects are never
 * followed, the proxies of the environment are not used, answers are bounded in time and in size. The token is sent to the URL of
 * the configuration and nowhere else.
 */
export class RegionClient {
  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly resolve: Resolve = systemResolve,
  ) {}

  /** @throws {KeyFetchFailure} where there is no answer within {@link REGION_BOUND_MS}, or one that is no JSON object */
  async ask(region: AdminRegionTerms, { method, path, body }: RegionQuestion): Promise<RegionAnswer> {
    const url = new URL(`${region.url}/admin/v1/${path}`);
    const connector = new GuardedConnector(region.network, this.resolve);
    const client = new Client(url.origin, {
      connect: connector.connect,
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      // One absolute deadline replaces the timeouts between reads: they never stop a drip.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    const over = new AbortController();
    const timer = this.clock.after(REGION_BOUND_MS, () => {
      over.abort(new KeyFetchFailure('timeout', 'no answer in time'));
      connector.destroy();
      void client.destroy(over.signal.reason as Error);
    });
    try {
      const sent = body && { body: JSON.stringify(body) };
      return await read(
        await client.request({ method, path: url.pathname + url.search, headers: headersOf(region, sent), ...sent }),
      );
    } catch (error) {
      const failure = over.signal.aborted ? KeyFetchFailure.of(over.signal.reason) : failureOf(error);
      throw failure.at({ host: url.host, stage: connector.stage });
    } finally {
      timer.cancel();
      connector.destroy();
      void client.destroy();
    }
  }
}

function headersOf({ token }: AdminRegionTerms, sent: object | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'assay',
    ...(sent && { 'content-type': 'application/json' }),
  };
}

async function read(response: Dispatcher.ResponseData): Promise<RegionAnswer> {
  const { statusCode: status } = response;
  // A broken body must not become an unhandled error when the head is enough to refuse it.
  response.body.on('error', () => undefined);
  if (status >= 300 && status < 400) throw new KeyFetchFailure('redirect', 'redirects are never followed with a token');
  const { body } = await readBody(response);
  return { status, body: body.length === 0 ? {} : objectOf(body) };
}

function objectOf(body: Uint8Array): JsonObject {
  const value = readStrictJson(body, { members: MOST_MEMBERS });
  if (isJsonObject(value)) return value;
  throw new KeyFetchFailure('json', 'the answer is not a strict JSON object');
}
