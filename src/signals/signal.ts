import type { LogoutTerms } from './logout/logout-terms.js';
import type { StreamTerms } from './streams/stream-terms.js';

/** A registered source of news about sessions and subjects, ready. Immutable. */
export interface Signal {
  /** In its URL, in logs and in metrics. */
  readonly id: string;
  /** The registration whose keys sign what it says, and whose tokens it ends. */
  readonly issuerId: string;
  /** Most that may have an effect in one minute, all replicas together. */
  readonly mostPerMinute: number;
  /** Absent: it does not send logout tokens. */
  readonly logout?: LogoutTerms;
  /** Absent: it does not send security events. */
  readonly stream?: StreamTerms;
}
