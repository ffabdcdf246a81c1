import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../shared/unavailable.js';
import { OAuthError } from '../oauth-error.js';
import { errorStatus } from './error-status.js';

class KeysAway extends Unavailable {
  constructor() {
    super('keys are unavailable', 'corp', 3);
  }
}

describe('errorStatus', () => {
  it.each([
    [new OAuthError('invalid_request', 'token is missing'), status.INVALID_ARGUMENT],
    [new OAuthError('invalid_client', 'client authentication failed'), status.UNAUTHENTICATED],
    [new OAuthError('invalid_client', 'no', { isKnownCaller: true }), status.PERMISSION_DENIED],
    [new OAuthError('insufficient_scope', 'no'), status.PERMISSION_DENIED],
    [new OAuthError('invalid_request', 'too many', { status: 429 }), status.RESOURCE_EXHAUSTED],
    [new OAuthError('temporarily_unavailable', 'later'), status.UNAVAILABLE],
    [new OAuthError('server_error', 'no'), status.INTERNAL],
    [new OAuthError('invalid_request', 'no', { status: 405 }), status.INTERNAL],
  ])('is the gRPC code for %s', (error, code) => {
    expect(errorStatus(error)).toEqual({ code, details: error.description });
  });

  it.each([new Error('password=hunter2'), new TypeError('x'), 'hunter2', undefined, null])(
    'says nothing of %s but that it happened',
    (error) => {
      expect(errorStatus(error)).toEqual({ code: status.INTERNAL, details: 'internal error' });
    },
  );

  it('says when to come back, to clients and to people', () => {
    const { code, details, metadata } = errorStatus(
      new OAuthError('temporarily_unavailable', 'later', { retryAfterSeconds: 7 }),
    );
    expect([code, details]).toEqual([status.UNAVAILABLE, 'later']);
    expect(metadata?.get('grpc-retry-pushback-ms')).toEqual(['7000']);
    const [rich] = metadata?.get('grpc-status-details-bin') ?? [];
    expect(String(rich)).toContain('type.googleapis.com/google.rpc.RetryInfo');
  });

  it('says of an outage that it is one, and not which', () => {
    const { code, details, metadata } = errorStatus(new KeysAway());
    expect([code, details]).toEqual([status.UNAVAILABLE, 'temporarily unavailable']);
    expect(metadata?.get('grpc-retry-pushback-ms')).toEqual(['3000']);
  });

  it('writes what it says in detail once for all who are told the same, and never tells one what is meant for another', () => {
    const richOf = (code: 'temporarily_unavailable' | 'invalid_request', text: string, retryAfterSeconds: number) => {
      const { metadata } = errorStatus(new OAuthError(code, text, { retryAfterSeconds }));
      return metadata?.get('grpc-status-details-bin')[0] as Buffer;
    };
    const first = richOf('temporarily_unavailable', 'later', 7);
    expect(richOf('temporarily_unavailable', 'later', 7)).toBe(first);
    const others = [
      richOf('temporarily_unavailable', 'later', 8),
      richOf('temporarily_unavailable', 'much later', 7),
      richOf('invalid_request', 'later', 7),
    ];
    for (const other of others) expect(other.equals(first)).toBe(false);
    // Waits are of any length, and not all of them are kept.
    const waits = Array.from({ length: 600 }, (_, i) => richOf('temporarily_unavailable', 'later', i));
    expect(new Set(waits.map((wait) => wait.toString('hex'))).size).toBe(600);
    expect(richOf('temporarily_unavailable', 'later', 7).equals(first)).toBe(true);
  });
});
