import { IntegerField } from '../shared/configuration/scalar-fields.js';

/** Most decisions that one issuer may have room for: a replica has room for a million of all issuers. */
const MOST_OF_ONE = 1_000_000;

/** What of an issuer may be revoked, and how much of it. */
export class IssuerRevocationSection {
  @IntegerField(
    'most revocations of its tokens, sessions, subjects and clients at a time; more are refused, and none is forgotten before its time',
    { default: 500_000, min: 1, max: MOST_OF_ONE },
  )
  readonly quota!: number;
}
