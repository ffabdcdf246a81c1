import type { TrustedProxies } from '../trusted-proxies.js';
import type { Drain } from './drain.js';
import type { HttpLimits } from './http-limits.js';

/** An answer that is made before anything is known of a request but that it is refused. */
export interface PlainRefusal {
  /** Content type. */
  readonly type: string;
  readonly body: string;
}

/** What every request and every answer of one listener have in common. */
export interface HttpListener {
  readonly limits: HttpLimits;
  /** Peers whose `X-Forwarded-For` is believed. */
  readonly proxies: TrustedProxies;
  /** From its beginning on, the answer to the latest request of a connection is the last one. */
  readonly drain: Drain;
  /** Header fields of every answer, whichever part makes it: name, value, name, value. Names in lower case. */
  readonly headers: readonly string[];
  /** Answers what is no request as we take it; the text is a constant of ours. */
  readonly refusal: (status: number) => PlainRefusal;
  /** The methods that `CONNECT` is told of (RFC 9110 §15.5.6). */
  readonly allow: string;
}
