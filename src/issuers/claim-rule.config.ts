/** What the configuration can say in a rule about a claim. */
import type { ClaimName } from '../claims/claim-name.js';
import type { ClaimScalar } from '../claims/claim-rule.js';
import type { Place } from '../shared/configuration/place.js';
import { Rule, declareField, unreadable, type FieldOptions } from '../shared/configuration/field.js';
import { FlagField, TextField } from '../shared/configuration/scalar-fields.js';
import { describe } from '../shared/configuration/describe.js';
import { ClaimField } from './claim-name.config.js';

const schema = { type: ['string', 'number', 'boolean'] };
const expected = 'a text, a number, true or false';
const exactNumber = 'a number that JSON can carry and no reader rounds; a rule cannot compare with another';

/** A value that a claim is compared with, without any conversion: `10` is not `"10"`. */
export function ClaimValueField(description: string, options: FieldOptions = {}): PropertyDecorator {
  const type = 'text | number | true | false';
  return declareField({ ...options, description, type, schema, read: readScalar });
}

/** Several of them; at least one, because a rule that nothing satisfies is a mistake. */
export function ClaimValueList(description: string, options: FieldOptions = {}): PropertyDecorator {
  return declareField({
    ...options,
    description,
    type: 'list of values',
    schema: { type: 'array', minItems: 1, items: schema },
    read(raw, place) {
      if (Array.isArray(raw) && raw.length > 0) {
        const members = raw.map((member, i) => readScalar(member, place.at(i)));
        return members.includes(unreadable) ? unreadable : Object.freeze(members);
      }
      place.refuse(describe(raw), 'a list with at least one value');
      return unreadable;
    },
  });
}

function readScalar(raw: unknown, place: Place): unknown {
  if (typeof raw === 'string' || typeof raw === 'boolean' || isExact(raw)) return raw;
  place.refuse(describe(raw), typeof raw === 'number' ? exactNumber : expected);
  return unreadable;
}

/** A claim is never infinite, and an integer that a double would round is kept exactly (R7662-31): no number here equals it. */
function isExact(raw: unknown): raw is number {
  return Number.isFinite(raw) && (Number.isSafeInteger(raw) || !Number.isInteger(raw));
}

const comparisons = ['equals', 'oneOf', 'contains', 'containsAny', 'containsKey', 'startsWith'] as const;

/** One comparison with one claim: once read, it is a `ClaimComparison`. A token without the claim does not satisfy it. */
export class ClaimComparisonSection {
  @ClaimField(
    'the claim: its name as it is, dots and slashes included; a JSON Pointer, which begins with a slash; or a list of names. `client_id` is the client as `clientIdClaims` finds it',
    { required: true, example: 'tenant' },
  )
  readonly claim!: ClaimName;

  @ClaimValueField('the claim is this text, number or truth value', { example: true })
  readonly equals?: ClaimScalar;

  @ClaimValueList('the claim is one of these', { example: ['acme', 'globex'] })
  readonly oneOf?: readonly ClaimScalar[];

  @ClaimValueField('the claim is a list with this member, or is it; of `scope` one of the scopes of the token', {
    example: 'orders:read',
  })
  readonly contains?: ClaimScalar;

  @ClaimValueList('the claim is a list with one of these members, or is one of them', { example: ['admin', 'ops'] })
  readonly containsAny?: readonly ClaimScalar[];

  @TextField('the claim is an object with a member of this name, which is neither null nor false', { example: 'admin' })
  readonly containsKey?: string;

  @TextField('the claim is a text that starts so', { example: 'svc-' })
  readonly startsWith?: string;

  @Rule(...comparisons)
  refuseOtherThanOne(place: Place): void {
    const given = comparisons.filter((comparison) => this[comparison] !== undefined);
    if (given.length === 1) return;
    place.refuse(given.join(' and ') || 'no comparison', `exactly one of ${comparisons.join(', ')}`);
  }
}

/** A rule for the tokens of an issuer: once read, it is a `ClaimRule`. */
export class ClaimRuleSection extends ClaimComparisonSection {
  @FlagField('true: a token without the claim passes as well; one with a null, empty or other value does not')
  readonly optional?: boolean;
}
