/** Reads the body of an issuer's answer within its limits, compressed or not. */
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { headerOf } from './response-freshness.js';

/** 50 KiB was too small in practice, no limit is how verifiers ran out of memory. It holds as sent, and again when decoded. */
export const LARGEST_BODY_BYTES = 256 * 1_024;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const inflate = promisify(gunzip);

/**
 * The document in an answer, bounded while it arrives and while it is decoded. Objects that a bucket stores compressed come so
 * although nobody asked; a byte order mark may be ignored (RFC 8259 §8.1); and what calls itself a web page and is JSON is JSON.
 * @throws {KeyFetchFailure}
 */
export async function readBody(
  response: Dispatcher.ResponseData,
): Promise<{ readonly body: Uint8Array; readonly isPage: boolean }> {
  const encoding = encodingOf(response.headers);
  const sent = await collect(response);
  const decoded = encoding === 'gzip' ? await decode(sent) : sent;
  const isMarked = decoded.subarray(0, 3).equals(BYTE_ORDER_MARK);
  const body = isMarked ? decoded.subarray(3) : decoded;
  const isPage = callsItselfPage(response.headers);
  if (isPage && !looksLikeJson(body)) throw pageInstead();
  return { body, isPage };
}

/** RFC 9110 §8.4.1.3: `x-gzip` is the same. One coding at most: each further one would multiply what may come out. */
function encodingOf(headers: IncomingHttpHeaders): 'identity' | 'gzip' {
  const encoding = (headerOf(headers, 'content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return 'identity';
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  throw new KeyFetchFailure('protocol', 'the body is encoded in a way that nobody asked for; gzip is understood');
}

async function collect({ body, headers }: Dispatcher.ResponseData): Promise<Buffer> {
  if (Number(headerOf(headers, 'content-length') ?? 0) > LARGEST_BODY_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

/** Ends as soon as more comes out than is allowed: a bomb costs no more than an ordinary document. */
async function decode(sent: Buffer): Promise<Buffer> {
  try {
    return await inflate(sent, { maxOutputLength: LARGEST_BODY_BYTES });
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw isTooLarge ? tooLarge() : new KeyFetchFailure('protocol', 'the body is not the gzip that it says', { cause });
  }
}

/** Servers answer with an error page and status 200, also where they were asked for keys. */
export function pageInstead(): KeyFetchFailure {
  return new KeyFetchFailure('html', 'a web page instead of JSON');
}

function tooLarge(): KeyFetchFailure {
  return new KeyFetchFailure('oversize', 'the body is larger than the limit');
}

function callsItselfPage(headers: IncomingHttpHeaders): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(headerOf(headers, 'content-type') ?? '');
}

function looksLikeJson(body: Buffer): boolean {
  return /^\s*[{[]/.test(body.subarray(0, 64).toString('latin1'));
}
