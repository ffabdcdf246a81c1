/** What requests of the admin API may say, checked before any code sees it. */
import {
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateBy,
  ValidateIf,
  type ValidationArguments,
  IsNotEmpty,
} from 'class-validator';
import { findingKinds, type FindingKind } from '../hygiene/findings.js';
import { isThumbprint } from '../tokens/key-material.js';
import { AdminInput } from './admin-input.pipe.js';

/** Longest reason, in characters: a sentence and the number of an incident. */
const LONGEST_REASON = 200;

/** RFC 3339 §5.6 with an offset: a time without one is a guess. */
export const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

const reasonExpected = `a text of 1 to ${LONGEST_REASON} characters without control characters`;

function IsThumbprint(): PropertyDecorator {
  const validator = { validate: (value: unknown) => typeof value === 'string' && isThumbprint(value) };
  const message = 'an RFC 7638 SHA-256 thumbprint, 43 characters of base64url';
  return ValidateBy({ name: 'isThumbprint', validator }, { message });
}

/** A time to come. */
export function IsInstantToCome(): PropertyDecorator {
  const validator = {
    validate: (value: unknown, args?: ValidationArguments): boolean =>
      typeof value === 'string' && instantPattern.test(value) && Date.parse(value) > (args?.object as AdminInput).nowMs,
  };
  return ValidateBy(
    { name: 'isInstantToCome', validator },
    { message: 'a time to come, such as 2026-12-01T00:00:00Z' },
  );
}

/** Why an operator decides something: for people. */
export function IsReason(): PropertyDecorator {
  const message = reasonExpected;
  return (target, name) => {
    IsString({ message })(target, name);
    Length(1, LONGEST_REASON, { message })(target, name);
    Matches(/^(?!\s*$)\P{Cc}*$/u, { message })(target, name);
  };
}

/** One key of an issuer, by the path. */
export class KeyInput extends AdminInput {
  static override readonly path = ['thumbprint'];

  @IsThumbprint()
  readonly thumbprint!: string;
}

/** What an operator says about a denial. */
export class DenialInput extends AdminInput {
  static override readonly path = ['thumbprint'];

  @IsThumbprint()
  readonly thumbprint!: string;

  @IsReason()
  readonly reason!: string;

  /** Absent: for ever. */
  @ValidateIf(({ until }: DenialInput) => until !== undefined)
  @IsInstantToCome()
  readonly until?: string;

  /** Wall time at which the denial ends, milliseconds since the epoch; `undefined`: never. */
  get untilMs(): number | undefined {
    return this.until === undefined ? undefined : Date.parse(this.until);
  }
}

/** Entries in one answer, unless asked for another number. */
const PAGE = 100;

/** How much of a list is asked for. */
export abstract class PagedInput extends AdminInput {
  @ValidateIf(({ limit }: PagedInput) => limit !== undefined)
  @Matches(/^[1-9]\d{0,2}$/, { message: 'a number from 1 to 999, once' })
  readonly limit?: string;

  /** How many entries the page has at most. */
  get size(): number {
    return Number(this.limit ?? PAGE);
  }
}

/** Which issuers are asked for. */
export class IssuerPageInput extends PagedInput {
  static override readonly query = ['after', 'limit', 'search', 'state'];

  /** The id behind which the page begins; absent: at the first one. */
  @ValidateIf(({ after }: IssuerPageInput) => after !== undefined)
  @IsString({ message: 'the id of an issuer, once' })
  readonly after?: string;

  /** Part of the id, or of the identifier, of those that are wanted. */
  @ValidateIf(({ search }: IssuerPageInput) => search !== undefined)
  @IsString({ message: 'a part of the id of an issuer, once' })
  @Length(0, 200, { message: 'a part of the id of an issuer, once' })
  readonly search?: string;

  /** `troubled`: only those that are not well at some replica. */
  @ValidateIf(({ state }: IssuerPageInput) => state !== undefined)
  @IsIn(['troubled'], { message: 'troubled, or nothing' })
  readonly state?: string;
}

/** Which callers are asked for. */
export class CallerPageInput extends PagedInput {
  static override readonly query = ['after', 'limit', 'search'];

  /** The id behind which the page begins; absent: at the first one. */
  @ValidateIf(({ after }: CallerPageInput) => after !== undefined)
  @IsString({ message: 'the id of a caller, once' })
  readonly after?: string;

  /** Part of the id of those that are wanted. */
  @ValidateIf(({ search }: CallerPageInput) => search !== undefined)
  @IsString({ message: 'a part of the id of a caller, once' })
  @Length(0, 200, { message: 'a part of the id of a caller, once' })
  readonly search?: string;
}

const idExpected = 'one id of the configuration';

/** Which findings are asked for; absent: all. */
export class HygieneInput extends AdminInput {
  static override readonly query = ['kind', 'issuer', 'caller'];

  @ValidateIf(({ kind }: HygieneInput) => kind !== undefined)
  @IsIn(findingKinds, { message: findingKinds.join(', ') })
  readonly kind?: FindingKind;

  @ValidateIf(({ issuer }: HygieneInput) => issuer !== undefined)
  @IsString({ message: idExpected })
  readonly issuer?: string;

  @ValidateIf(({ caller }: HygieneInput) => caller !== undefined)
  @IsString({ message: idExpected })
  readonly caller?: string;
}

const tokenExpected = 'the token as the caller sends it, a text';
const callerExpected = 'the id of a registered caller, a text';
const scopeExpected = 'scopes with single spaces between them, as in scope= of a proxy';

/** RFC 6749 §3.3. */
const scopesWithSpaces = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/**
 * What is to be explained. How long a token may be is the verifier's business: one that is too long has a verdict, too; what
 * the listener does not take is 413 before this is asked.
 */
export class ExplainInput extends AdminInput {
  static override readonly status = 400;

  @IsString({ message: tokenExpected })
  @IsNotEmpty({ message: tokenExpected })
  readonly token!: string;

  /** Id of the caller for whom it is judged. */
  @IsString({ message: callerExpected })
  @IsNotEmpty({ message: callerExpected })
  readonly caller!: string;

  /** What a proxy of that caller would ask for as well, with spaces between; absent: nothing. */
  @ValidateIf(({ scope }: ExplainInput) => scope !== undefined)
  @Matches(scopesWithSpaces, { message: scopeExpected })
  readonly scope?: string;
}
