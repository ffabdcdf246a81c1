import type { Outcome } from './client.js';

/** Seconds to wait, as `google.rpc.RetryInfo` says it in a failed call. */
export function retryInfo({ trailers }: Outcome): { readonly type: string; readonly seconds: number } {
  const [bytes] = trailers.get('grpc-status-details-bin') as Buffer[];
  const type = /type\.googleapis\.com\/[A-Za-z.]+/.exec(bytes!.toString('latin1'))![0];
  // Any.value = RetryInfo { Duration { seconds } }: its last byte is the only digit of a small number.
  return { type, seconds: bytes!.at(-1)! };
}
