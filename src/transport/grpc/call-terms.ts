import type { Clock } from '../../shared/clock.js';
import type { EarlyEnd } from './early-end.js';
import type { MessageRoom } from './message-room.js';

/** What one method takes. */
export interface CallTerms {
  /** Longest message, also after it was unpacked, in bytes. */
  readonly messageBytes: number;
  /** Hears of a call that ended before our code had it. */
  readonly endedEarly: (reason: EarlyEnd) => void;
}

/** What all calls have in common. */
export interface CallContext {
  /** By path. */
  readonly terms: ReadonlyMap<string, CallTerms>;
  readonly room: MessageRoom;
  readonly clock: Clock;
}
