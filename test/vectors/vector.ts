import type { RejectionCode } from '../../src/tokens/rejection.js';
import type { TokenBuilder } from '../builders/a-token.js';
import type { World } from './world.js';

/** What a case is made of: the registered issuers and keys, the present, and a token that is good. */
export interface VectorContext {
  readonly world: World;
  /** Wall time in seconds, whole. */
  readonly now: number;
  /** Of the main issuer, signed by its ES256 key, issued now, good for five minutes. */
  readonly good: TokenBuilder;
}

/** One token and its verdict: a row of a table in the standards, or one of its variants. The same through every endpoint. */
export interface Vector {
  /** The row, such as `A-01`, or the standard that the case comes from. */
  readonly id: string;
  readonly name: string;
  readonly token: (context: VectorContext) => string;
  readonly expect: 'active' | 'inactive';
  /** Why it is inactive; the reason also proves how far the token got, and so what it cost. */
  readonly rejection?: RejectionCode;
  /** Fetches from its *registered* issuer that this token may cause. Nothing may ever be fetched from anywhere else. */
  readonly fetches: 0 | 1;
  /** Decided by a second more or less: only for an endpoint whose clock stands still. */
  readonly frozen?: true;
}

/** Makes the token of a case. */
export type TokenOf = (context: VectorContext) => string;

/** A case that is inactive for exactly this reason. */
export function refused(
  id: string,
  name: string,
  rejection: RejectionCode,
  token: TokenOf,
  fetches: 0 | 1 = 0,
): Vector {
  return { id, name, token, expect: 'inactive', rejection, fetches };
}

/** A case that is active. */
export function accepted(id: string, name: string, token: TokenOf): Vector {
  return { id, name, token, expect: 'active', fetches: 0 };
}

/** The same case, for a clock that stands still. */
export function frozen(vector: Vector): Vector {
  return { ...vector, frozen: true };
}

/** Writes a value into the name of a case, shortened and printable. */
export function show(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 48 ? `${text.slice(0, 45)}…` : text;
}
