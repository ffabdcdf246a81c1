import type { LogFields } from './logger.js';

/** Everything that is written down for those who have to know later who did what. A fixed set. */
export type AuditAction =
  // what issuers did with their keys
  | 'key_added'
  | 'key_retiring'
  | 'key_stayed'
  | 'key_removed'
  | 'key_returning'
  | 'key_returned'
  | 'key_kid_reused'
  | 'key_set_moved'
  | 'secret_key_published'
  | 'record_refused'
  // what came into force at this replica
  | 'key_denied'
  | 'key_allowed'
  | 'issuer_added'
  | 'issuer_removed'
  | 'issuer_changed'
  | 'configuration_changed'
  // what operators asked for
  | 'admin_refresh'
  | 'admin_deny'
  | 'admin_allow'
  | 'admin_refused';

/** Writes down what must be known later. Nothing is dropped: a record that cannot be written is told to the log. */
export abstract class Audit {
  /** @param fields small and bounded: who, what, how it ended; never a token, a secret or a subject */
  abstract record(action: AuditAction, fields: LogFields): void;
}
