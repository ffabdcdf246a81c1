import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import type { GuardedHttp, HttpPost } from '../../keys/source/guarded-http.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { Clock } from '../../shared/clock.js';
import { isJsonObject, type JsonObject } from '../../shared/json-value.js';
import { readKeyUrl } from '../../shared/key-url.js';
import { readStrictJson } from '../../shared/strict-json.js';

/** Longest time of one question to a transmitter, whatever it is waiting for. In milliseconds. */
export const TRANSMITTER_TIMEOUT_MS = 10_000;

/** One question. */
export interface TransmitterQuestion {
  readonly url: string;
  readonly network: IssuerNetwork;
  /** Absent: the document at the URL is asked for. */
  readonly post?: HttpPost | undefined;
  /** The value of `Authorization`: a secret. */
  readonly authorization?: string | undefined;
}

/**
 * Asks transmitters by the client that fetches keys: addresses are checked where they are dialled, nothing is redirected, answers are
 * bounded, and the credentials for keys are not shown.
 */
export class TransmitterHttp {
  constructor(
    private readonly http: GuardedHttp,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the answer; undefined where there is nothing to say
   * @throws {KeyFetchFailure}
   */
  async ask(asked: TransmitterQuestion, ending?: AbortSignal): Promise<JsonObject | undefined> {
    const { url, network, authorization, post } = asked;
    // What plain http may reach, the registration says, and it may have changed.
    const sound = readKeyUrl(url, { allowPrivate: network.allowPrivate, ...(network.proxy && { proxyUrl: '' }) });
    if (typeof sound === 'string') throw new KeyFetchFailure('address_refused', `the URL of a transmitter: ${sound}`);
    const ends = new AbortController();
    const give = (): void => {
      ends.abort(new KeyFetchFailure('timeout', 'no answer in time'));
    };
    const timer = this.clock.after(TRANSMITTER_TIMEOUT_MS, give);
    ending?.addEventListener('abort', give, { once: true });
    try {
      const direct = { ...network, followsRedirects: false };
      const question = { url, network: direct, mayAuthorize: false, authorization, ...(post && { post }) };
      const { status, body } = await this.http.get(question, ends.signal);
      return status === 204 ? undefined : objectOf(body);
    } finally {
      timer.cancel();
      ending?.removeEventListener('abort', give);
    }
  }
}

/** @throws {KeyFetchFailure} */
function objectOf(body: Uint8Array): JsonObject {
  const value = readStrictJson(body);
  if (isJsonObject(value)) return value;
  throw new KeyFetchFailure('json', 'the answer is not a strict JSON object');
}
