import { IntegerField, OneOfField } from '../shared/configuration/scalar-fields.js';

/** Most decisions that one issuer may have room for: a replica has room for a million of all issuers. */
const MOST_OF_ONE = 1_000_000;

/** What is answered about tokens of which it cannot be known whether they were revoked. */
export const unknownRevocations = ['refuse', 'accept'] as const;

/** One of {@link unknownRevocations}. */
export type UnknownRevocations = (typeof unknownRevocations)[number];

/** What of an issuer may be revoked, and how much of it. */
export class IssuerRevocationSection {
  @IntegerField(
    'most revocations of its tokens, sessions, subjects and clients at a time; more are refused, and none is forgotten before its time',
    { default: 500_000, min: 1, max: MOST_OF_ONE },
  )
  readonly quota!: number;

  @OneOfField(
    'its tokens while it cannot be known what was revoked: `refuse` answers 503, also while a stream of security events of this issuer is not up, which an operator has not paused; `accept` gives verdicts. Absent: as `revocation.onUnknown` says, and whether streams are up makes no difference',
    { words: unknownRevocations },
  )
  readonly onUnknown?: UnknownRevocations;
}
