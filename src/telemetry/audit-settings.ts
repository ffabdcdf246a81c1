/** Where the audit trail goes, and what is in it. */
export interface AuditSettings {
  readonly enabled: boolean;
  /** File to append to; absent: standard output. */
  readonly file?: string;
  /** Share of active verdicts that are written down, 0 to 1. */
  readonly activeSampleRatio: number;
  /** Key of the keyed hashes; absent: one that this process makes up, so that hashes of two processes cannot be compared. */
  readonly hashKey?: string;
}
