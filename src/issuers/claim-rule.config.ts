import type { ClaimScalar } from '../claims/claim-rule.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule } from '../shared/configuration/rule.js';
import { TextField } from '../shared/configuration/scalar-fields.js';
import { ClaimValueField, ClaimValueList } from './claim-value-fields.js';

const comparisons = ['equals', 'oneOf', 'contains', 'containsAny', 'startsWith'] as const;

/** One rule for one claim, with exactly one comparison: once read, it is a `ClaimRule`. */
export class ClaimRuleSection {
  @TextField("the claim's name, taken literally", { required: true, example: 'tenant' })
  readonly claim!: string;

  @ClaimValueField('the claim is this text, number or truth value', { example: true })
  readonly equals?: ClaimScalar;

  @ClaimValueList('the claim is one of these', { example: ['acme', 'globex'] })
  readonly oneOf?: readonly ClaimScalar[];

  @ClaimValueField('the claim is a list with this member, or is it; `scope` is split at spaces', {
    example: 'orders:read',
  })
  readonly contains?: ClaimScalar;

  @ClaimValueList('the claim is a list with one of these members, or is one of them', { example: ['admin', 'ops'] })
  readonly containsAny?: readonly ClaimScalar[];

  @TextField('the claim is a text that starts so', { example: 'svc-' })
  readonly startsWith?: string;

  @Rule(...comparisons)
  refuseOtherThanOne(place: Place): void {
    const given = comparisons.filter((comparison) => this[comparison] !== undefined);
    if (given.length === 1) return;
    place.refuse(given.join(' and ') || 'no comparison', `exactly one of ${comparisons.join(', ')}`);
  }
}
