/** Reads from the header fields of an issuer's answer how long it is good, and when to ask again. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Validators } from './key-source.js';

/** Longest validator that is remembered; a longer one would be stored for its size alone (attack F-23). */
const LONGEST_VALIDATOR = 256;

/** The first value of a header; a repeated one has no meaning that we could rely on, but its first value bounds it. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * How long an answer says it lives (RFC 9111 §4.2.1): `s-maxage`, else `max-age`, else `Expires` minus `Date`, less its
 * `Age`. What cannot be understood counts as expired (§4.2.1), and the caller clamps both ends.
 * @returns milliseconds, at least 0; `undefined` when the answer says nothing
 */
export function lifetimeMsOf(headers: IncomingHttpHeaders): number | undefined {
  const lifetimeMs = cacheControlLifetime(headers) ?? expiresLifetime(headers);
  if (lifetimeMs === undefined) return undefined;
  return Math.max(0, lifetimeMs - ageMsOf(headers));
}

/** How old an answer was already when it came (RFC 9111 §5.1), in milliseconds. */
export function ageMsOf(headers: IncomingHttpHeaders): number {
  return (secondsOf(headerOf(headers, 'age')) ?? 0) * 1_000;
}

function cacheControlLifetime(headers: IncomingHttpHeaders): number | undefined {
  const value = [headers['cache-control'] ?? []].flat().join(',');
  const directives = value.split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0;
  const valuesOf = (name: string): readonly string[] =>
    directives
      .filter((directive) => directive.startsWith(`${name}=`))
      .map((directive) => directive.slice(name.length + 1));
  const shared = valuesOf('s-maxage');
  const stated = shared.length > 0 ? shared : valuesOf('max-age');
  if (stated.length === 0) return undefined;
  const [seconds] = stated;
  return stated.length === 1 ? (secondsOf(seconds) ?? 0) * 1_000 : 0;
}

function expiresLifetime(headers: IncomingHttpHeaders): number | undefined {
  const expires = headerOf(headers, 'expires');
  if (expires === undefined) return undefined;
  // Both by the issuer's own clock: ours may differ. An answer without a date cannot be measured.
  const lifetimeMs = Date.parse(expires) - Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isFinite(lifetimeMs) ? Math.max(0, lifetimeMs) : 0;
}

/** How long the issuer asks to be left alone, in milliseconds (RFC 9110 §10.2.3: seconds, or a date). */
export function retryAfterMsOf(headers: IncomingHttpHeaders): number | undefined {
  const value = headerOf(headers, 'retry-after');
  if (value === undefined) return undefined;
  const seconds = secondsOf(value);
  if (seconds !== undefined) return seconds * 1_000;
  const untilMs = Date.parse(value) - Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isFinite(untilMs) ? Math.max(0, untilMs) : undefined;
}

/** Delta-seconds (RFC 9111 §1.2.2): digits only, quotes tolerated. */
function secondsOf(value: string | undefined): number | undefined {
  const digits = value?.trim().replace(/^"(.*)"$/, '$1') ?? '';
  return /^[0-9]+$/.test(digits) ? Number(digits) : undefined;
}

/** What to ask with next time; weak entity tags will do, because a comparison is all they are for (RFC 9110 §13.1.2). */
export function validatorsOf(url: string, headers: IncomingHttpHeaders): Validators | undefined {
  const etag = short(headerOf(headers, 'etag'));
  const lastModified = short(headerOf(headers, 'last-modified'));
  if (etag === undefined && lastModified === undefined) return undefined;
  return {
    url,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

function short(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= LONGEST_VALIDATOR ? value : undefined;
}
