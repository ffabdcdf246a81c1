/** What requests about revocations may say, checked before any code sees it. */
import {
  IsIn,
  IsString,
  Length,
  ValidateBy,
  ValidateIf,
  type ValidationArguments,
  type ValidationOptions,
} from 'class-validator';
import { cutOffKinds, partsOfId, revocationKinds, type RevocationKind } from '../revocation/tokens/revocation.js';
import { AdminInput } from './admin-input.pipe.js';
import { instantPattern, IsInstantToCome, IsReason, PagedInput } from './inputs.js';

/** Longest name of a token, session, subject or client, in characters. */
const LONGEST_VALUE = 256;

const valueExpected = `the id of the token, session, subject or client, 1 to ${LONGEST_VALUE} characters; none for an issuer`;
const beforeExpected =
  'a time that is not to come, such as 2026-12-01T00:00:00Z, for a subject, a client or an issuer alone';
const tenantExpected = 'a tenant of the issuer, a text of 1 to 64 characters';

/** Whatever kind is revoked: some fields belong to some kinds alone. */
function Fits(isFit: (value: unknown, input: RevocationInput) => boolean, message: string): PropertyDecorator {
  const validate = (value: unknown, args?: ValidationArguments): boolean =>
    isFit(value, args?.object as RevocationInput);
  const options: ValidationOptions = { message };
  return ValidateBy({ name: 'fits', validator: { validate } }, options);
}

/** What an operator wants to end before its time. */
export class RevocationInput extends AdminInput {
  @IsIn([...revocationKinds], { message: `one of ${revocationKinds.join(', ')}` })
  readonly kind!: RevocationKind;

  @Fits((value, { kind }) => (kind === 'issuer' ? value === undefined : isName(value)), valueExpected)
  readonly value?: string;

  /** Absent: now. */
  @Fits(
    (value, { kind, nowMs }) =>
      value === undefined ||
      (cutOffKinds.has(kind) && typeof value === 'string' && instantPattern.test(value) && Date.parse(value) <= nowMs),
    beforeExpected,
  )
  readonly before?: string;

  @IsReason()
  readonly reason!: string;

  /** Absent: until no token can be left that it is about. */
  @ValidateIf(({ until }: RevocationInput) => until !== undefined)
  @IsInstantToCome()
  readonly until?: string;

  /** Where the issuer has many. */
  @ValidateIf(({ tenant }: RevocationInput) => tenant !== undefined)
  @IsString({ message: tenantExpected })
  @Length(1, 64, { message: tenantExpected })
  readonly tenant?: string;

  /** Of a cut-off: the second up to which tokens are refused. */
  get beforeSeconds(): number {
    if (!cutOffKinds.has(this.kind)) return 0;
    return Math.floor((this.before === undefined ? this.nowMs : Date.parse(this.before)) / 1_000);
  }

  get untilSeconds(): number | undefined {
    return this.until === undefined ? undefined : Math.ceil(Date.parse(this.until) / 1_000);
  }
}

/** One decision, by the path. */
export class RevocationIdInput extends AdminInput {
  static override readonly path = ['revocation'];

  @Fits(
    (value) => typeof value === 'string' && partsOfId(value) !== undefined,
    'the id of a revocation, as it is listed',
  )
  readonly revocation!: string;
}

/** Which part of the list is asked for. */
export class RevocationPageInput extends PagedInput {
  static override readonly query = ['cursor', 'limit'];

  /** The `next` of the page before; absent: at the first one. */
  @Fits(
    (value) => value === undefined || (typeof value === 'string' && partsOfId(value) !== undefined),
    'the next of another page, once',
  )
  readonly cursor?: string;
}

/** A name that a token may carry: without control characters, and not in white space alone. */
function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_VALUE && /^(?!\s*$)\P{Cc}+$/u.test(value);
}
