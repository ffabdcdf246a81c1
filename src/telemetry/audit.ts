/** The port of the audit trail, with every action that is ever written there. */
import type { LogFields } from './logger.js';

/** Everything that is written down for those who have to know later who did what. A fixed set. */
export const auditActions = [
  // what issuers did with their keys
  'key_added',
  'key_retiring',
  'key_stayed',
  'key_removed',
  'key_returning',
  'key_returned',
  'key_kid_reused',
  'key_contested',
  'key_set_moved',
  'issuer_failing',
  'issuer_recovered',
  'secret_key_published',
  'record_refused',
  // what came into force at this replica
  'key_denied',
  'key_allowed',
  'revoked',
  'revocation_undone',
  'signal_refused',
  'signal_stream',
  'denial_reach',
  'denial_complete',
  'replica_forgotten',
  'configuration_loaded',
  'issuer_added',
  'issuer_removed',
  'issuer_changed',
  'configuration_changed',
  // what operators asked for
  'admin_signed_in',
  'admin_refresh',
  'admin_deny',
  'admin_allow',
  'admin_revoke',
  'admin_unrevoke',
  'admin_signal_pause',
  'admin_signal_resume',
  'admin_drop_replica',
  'admin_in_region',
  'admin_explain',
  'admin_refused',
  // what was decided about tokens
  'decision',
  'decisions_refused',
  // what clients did with keys of theirs
  'proof_key_leaked',
  // what is missing here
  'decisions_dropped',
  'records_unwritten',
] as const;

/** An action of the audit trail. */
export type AuditAction = (typeof auditActions)[number];

/** Whether the audit trail has an action of this name. */
export function isAuditAction(name: string): name is AuditAction {
  return (auditActions as readonly string[]).includes(name);
}

/** What becomes of a record that there is no room for: `sample` is counted and dropped, `evidence` is written all the same. */
export type AuditWeight = 'sample' | 'evidence';

/** How well the audit trail is kept. */
export interface AuditState {
  /** Samples for which there was no room. */
  readonly dropped: number;
  /** Records that the disk did not take. */
  readonly unwritten: number;
  readonly isUnwritable: boolean;
}

/** Takes what is written, with nothing in it that may not be shown. Must not throw. */
export type AuditFollower = (action: AuditAction, fields: LogFields) => void;

/** Writes down what must be known later. Nothing is dropped in silence: a record that cannot be written is reported in the log. */
export abstract class Audit {
  private readonly followers: AuditFollower[] = [];

  /** Calls `follower` with each record that is written at once from now on, whether or not the trail is switched on. */
  follow(follower: AuditFollower): void {
    this.followers.push(follower);
  }

  protected report(action: AuditAction, fields: LogFields): void {
    for (const follower of this.followers) follower(action, fields);
  }

  /**
   * Written when this returns: for what is rare, and must not be lost with the process.
   * @param fields small and bounded: who, what, how it ended; never a token, a secret or a subject
   */
  abstract record(action: AuditAction, fields: LogFields): void;

  /** Written within a moment, together with others: for what happens with requests. */
  abstract recordSoon(action: AuditAction, fields: LogFields, weight: AuditWeight): void;

  /** Whether the next active verdict is one of those that are written down. */
  abstract takesSample(): boolean;

  /** What is missing in the trail since the start of this process, and whether the file takes nothing now. */
  abstract get state(): AuditState;

  /** A name for something that must not be written down itself: HMAC-SHA-256 with the audit key, in hexadecimal. */
  abstract hashOf(text: string): string;

  /** A name for the subject of a token, under a key that is derived for subjects alone; `undefined` unless the trail shall name subjects. */
  abstract hashOfSubject(subject: string): string | undefined;
}
