import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { OAuthError } from '../oauth-error.js';
import { Unavailable } from '../../shared/unavailable.js';
import { Proto } from './load-proto.js';

const statusProto = Proto.load('google/rpc/status.proto');
const detailsProto = Proto.load('google/rpc/error_details.proto');

/**
 * Turns whatever was thrown into a status that says nothing but constants of ours (gRPC column of the response matrix).
 * @param leftMs until the deadline of the call; `Infinity` where it has none
 */
export function errorStatus(error: unknown, leftMs = Infinity): Partial<StatusObject> {
  if (error instanceof OAuthError) {
    return withRetry(codeOf(error), error.description, { seconds: error.retryAfterSeconds, leftMs });
  }
  if (error instanceof Unavailable) {
    return withRetry(status.UNAVAILABLE, 'temporarily unavailable', { seconds: error.retryAfterSeconds, leftMs });
  }
  return { code: status.INTERNAL, details: 'internal error' };
}

/** Of the HTTP status that the error has. */
function codeOf({ status: httpStatus, isKnownCaller }: OAuthError): status {
  switch (httpStatus) {
    case 400:
      return status.INVALID_ARGUMENT;
    case 401:
      return isKnownCaller ? status.PERMISSION_DENIED : status.UNAUTHENTICATED;
    case 403:
      return status.PERMISSION_DENIED;
    case 429:
      return status.RESOURCE_EXHAUSTED;
    case 503:
      return status.UNAVAILABLE;
    default:
      return status.INTERNAL;
  }
}

/** "Do not retry" to a client that retries by itself (gRFC A6). */
const NEVER = '-1';

interface Wait {
  readonly seconds: number | undefined;
  readonly leftMs: number;
}

/**
 * Gives the time to wait in two places: in `RetryInfo` for the caller's code, and in the field of gRFC A6 for clients that retry
 * by themselves. Those wait inside the call: where its deadline would pass meanwhile, they had better hear of the failure now.
 */
function withRetry(code: status, details: string, { seconds, leftMs }: Wait): Partial<StatusObject> {
  if (seconds === undefined) return { code, details };
  const metadata = new Metadata();
  const waitMs = seconds * 1000;
  metadata.set('grpc-retry-pushback-ms', waitMs < leftMs ? String(waitMs) : NEVER);
  metadata.set('grpc-status-details-bin', keptStatus(code, details, seconds));
  return { code, details, metadata };
}

/** Most that are kept. Usual refusals are fewer: a few sentences, each with a few waits. But a wait may have any length. */
const MOST_KEPT = 256;

/** Encoded once for each refusal: a client that sends thousands of wrong secrets gets the same few bytes each time. */
const kept = new Map<string, Buffer>();

function keptStatus(code: status, message: string, seconds: number): Buffer {
  const name = `${code} ${seconds} ${message}`;
  const found = kept.get(name);
  if (found) return found;
  if (kept.size >= MOST_KEPT) kept.clear();
  const written = richStatus(code, message, seconds);
  kept.set(name, written);
  return written;
}

function richStatus(code: status, message: string, seconds: number): Buffer {
  const value = detailsProto.serialize('google.rpc.RetryInfo', { retryDelay: { seconds } });
  // The library knows this one message itself, and spells its fields as the file does.
  const retryInfo = { type_url: 'type.googleapis.com/google.rpc.RetryInfo', value };
  return statusProto.serialize('google.rpc.Status', { code, message, details: [retryInfo] });
}
