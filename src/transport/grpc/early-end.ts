import { status } from '@grpc/grpc-js';

/** Why a call ended before our code had it. A fixed set, for a metric's label. */
export const earlyEnds = [
  'too_large', // longer than its endpoint takes, packed or unpacked
  'no_room', // unfinished messages of all calls occupy too much
  'not_unpacked', // packed in a way that we do not know, or badly
  'malformed', // no message, several, a deadline that cannot be read, another content type
  'unimplemented', // there is no such method
  'deadline', // the client's deadline was over before its message was there
  'cancelled', // the client has gone, or cancelled
] as const;

/** One of {@link earlyEnds}. */
export type EarlyEnd = (typeof earlyEnds)[number];

/** @param code that the library ends the call with */
export function earlyEndOf(code: status | null | undefined): EarlyEnd {
  if (code === status.RESOURCE_EXHAUSTED) return 'too_large';
  return code === status.DEADLINE_EXCEEDED ? 'deadline' : 'malformed';
}
