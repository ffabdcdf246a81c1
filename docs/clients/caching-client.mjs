// Answers of introspection, kept until something that was revoked may concern them. Needs Node 20 and nothing else.
import { createHash } from 'node:crypto';

/** How far one replica may be behind another, in milliseconds: what was asked for within that time of an event may be from before it. */
const BEHIND_MS = 7_000;
/** How long one request for events waits, in seconds, and how long silence is taken for "nothing was revoked", in milliseconds. */
const WAIT_SECONDS = 25;
const SILENCE_MS = 35_000;

const everything = { verdict: 'revoked' };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class CachingClient {
  #answers = new Map();
  #latest = [];
  #next;
  #heardAtMs = Number.NEGATIVE_INFINITY;

  /** @param {{ url: string, id: string, secret: string, maxAgeMs?: number, behindMs?: number, fetch?: typeof fetch }} options */
  constructor({ url, id, secret, maxAgeMs = 60_000, behindMs = BEHIND_MS, fetch: ask = fetch }) {
    const credentials = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
    const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    Object.assign(this, { url, headers, maxAgeMs, behindMs, ask });
  }

  /** @returns the answer about a token; throws where none can be had: that is not a verdict */
  async introspect(token) {
    const askedAtMs = Date.now();
    const kept = this.#answers.get(token);
    if (kept && this.#hears(askedAtMs) && askedAtMs < kept.untilMs) return kept.answer;
    this.#answers.delete(token);
    const body = new URLSearchParams({ token });
    const signal = AbortSignal.timeout(5_000);
    const response = await this.ask(`${this.url}/introspect`, { method: 'POST', headers: this.headers, body, signal });
    if (response.status !== 200) throw new Error(`introspection: ${response.status}`);
    const answer = await response.json();
    const untilMs = Math.min(askedAtMs + this.maxAgeMs, answer.exp * 1_000);
    const isOld = (event) => event.atMs > askedAtMs - this.behindMs && concerns(event, token, answer);
    // Answers without `exp` are not kept: that comparison is never true.
    if (answer.active && untilMs > askedAtMs && this.#hears(askedAtMs) && !this.#latest.some(isOld)) {
      this.#answers.set(token, { answer, untilMs });
    }
    return answer;
  }

  /** Follows what is revoked, until `signal` is aborted. Nothing is kept while this does not run. */
  async follow(signal) {
    while (!signal.aborted) {
      const place = this.#next === undefined ? '' : `?after=${this.#next}&wait=${WAIT_SECONDS}`;
      const patience = AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]);
      const options = { headers: this.headers, signal: patience };
      try {
        const response = await this.ask(`${this.url}/events${place}`, options);
        if (response.status === 200) this.#take(await response.json());
        // Something may have been missed.
        else if (response.status === 410) this.#forget();
        else await sleep(1_000 * Number(response.headers.get('retry-after') ?? 2));
      } catch {
        if (!signal.aborted) await sleep(1_000);
      }
    }
    this.#forget();
  }

  #take({ events, next }) {
    const atMs = Date.now();
    // What was revoked before the first place was never heard of here.
    if (this.#next === undefined) events = [everything];
    this.#latest = this.#latest.filter((event) => event.atMs > atMs - 60_000);
    for (const event of events) {
      this.#latest.push({ ...event, atMs });
      for (const [token, { answer }] of this.#answers) if (concerns(event, token, answer)) this.#answers.delete(token);
    }
    this.#next = next;
    this.#heardAtMs = atMs;
  }

  #forget() {
    this.#answers.clear();
    this.#next = undefined;
    this.#heardAtMs = Number.NEGATIVE_INFINITY;
  }

  #hears(nowMs) {
    return nowMs - this.#heardAtMs < SILENCE_MS;
  }
}

/** Whether a good answer may not be good any more. Whatever cannot be told apart is concerned. */
function concerns({ kind, verdict, iss, issuer, claim, digest, before }, token, answer) {
  if (verdict === 'allowed') return false;
  if (iss !== undefined && iss !== answer.iss) return false;
  if (before !== undefined && typeof answer.iat === 'number' && answer.iat > before) return false;
  // Without `iss` the tenant, which is a part of the digest, is not known here; nor is what stands within an object.
  if (digest === undefined || iss === undefined || claim.startsWith('/')) return true;
  if (answer[claim] !== undefined) return digest === digestOf(issuer, kind, answer[claim]);
  const signed = token.slice(0, token.lastIndexOf('.'));
  const signedDigest = createHash('sha256').update(signed).digest('base64url');
  return kind === 'token' && digest === digestOf(issuer, 'signed_input', signedDigest);
}

function digestOf(issuer, kind, value) {
  const text = `assay revocation 1 ${JSON.stringify([issuer, null, kind, value])}`;
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}
