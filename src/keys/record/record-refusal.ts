/** Why a shared record is not believed. Closed, so that a metric label made from it is bounded. */
export const recordRefusals = [
  'wrong_type', // something else is stored where the record should be
  'too_large', // larger than any record can be
  'incomplete', // a part of it is missing
  'unknown_key', // sealed with a key that this replica does not have
  'forged', // its seal does not fit: changed, or of another source or environment
  'malformed', // genuine, but not in a form that this version reads
] as const;

/** One of {@link recordRefusals}. */
export type RecordRefusal = (typeof recordRefusals)[number];
