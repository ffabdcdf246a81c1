import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import type { IssuerNetwork } from '../../issuers/issuer-network.js';
import type { Clock } from '../../shared/clock.js';
import type { TransmitterHttp } from './transmitter-http.js';

/** How we show the transmitter who asks: a token that is there, or one that is asked for (RFC 6749 §4.4). */
export type CredentialTerms =
  | { readonly accessToken: string }
  | {
      readonly clientId: string;
      readonly secret: string;
      readonly tokenUrl: string;
      readonly scope?: string | undefined;
    };

/** A token is not used for so long before it ends: the request is on its way for a while. In milliseconds. */
const MARGIN_MS = 30_000;

/** How long one is used of which it is not said how long it is good. In milliseconds. */
const USUAL_LIFE_MS = 5 * 60_000;

/** The value of `Authorization` for one transmitter, asked for when it is needed and kept while it is good. */
export class TransmitterCredentials {
  private known: { readonly value: string; readonly untilMs: number } | undefined;

  constructor(
    private readonly terms: CredentialTerms,
    private readonly tools: { readonly http: TransmitterHttp; readonly clock: Clock },
  ) {}

  /** @throws {KeyFetchFailure} */
  async authorization(network: IssuerNetwork, ending?: AbortSignal): Promise<string> {
    if ('accessToken' in this.terms) return `Bearer ${this.terms.accessToken}`;
    const nowMs = this.tools.clock.monoMs();
    if (this.known && this.known.untilMs > nowMs) return this.known.value;
    const { clientId, secret, tokenUrl, scope } = this.terms;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
    const post = { type: 'application/x-www-form-urlencoded', body: form.toString() };
    const authorization = basicOf(clientId, secret);
    const answer = await this.tools.http.ask({ url: tokenUrl, network, post, authorization }, ending);
    const { access_token: token, expires_in: lifeSeconds } = answer ?? {};
    // RFC 6750 §2.1; anything else could break out of the header.
    if (typeof token !== 'string' || !/^[\w.~+/-]+=*$/.test(token)) {
      throw new KeyFetchFailure('metadata', 'the token endpoint has answered without an access token');
    }
    const lifeMs = typeof lifeSeconds === 'number' && lifeSeconds > 0 ? lifeSeconds * 1_000 : USUAL_LIFE_MS;
    const value = `Bearer ${token}`;
    this.known = { value, untilMs: nowMs + lifeMs - Math.min(MARGIN_MS, lifeMs / 2) };
    return value;
  }

  /** It was refused: the next question asks for another one. */
  forget(): void {
    this.known = undefined;
  }
}

/** RFC 6749 §2.3.1: both are form-encoded first. */
function basicOf(clientId: string, secret: string): string {
  const [id, word] = [clientId, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1));
  return `Basic ${Buffer.from(`${id}:${word}`).toString('base64')}`;
}
