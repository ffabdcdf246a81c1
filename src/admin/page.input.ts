import { IsString, Matches, ValidateIf } from 'class-validator';
import { AdminInput } from './admin-input.pipe.js';

/** Issuers in one answer, unless asked for fewer. */
const PAGE = 100;

/** Which part of the list is asked for. */
export class PageInput extends AdminInput {
  static override readonly query = ['after', 'limit'];

  /** The id behind which the page begins; absent: at the first one. */
  @ValidateIf(({ after }: PageInput) => after !== undefined)
  @IsString({ message: 'the id of an issuer, once' })
  readonly after?: string;

  @ValidateIf(({ limit }: PageInput) => limit !== undefined)
  @Matches(/^[1-9]\d{0,2}$/, { message: 'a number from 1 to 999, once' })
  readonly limit?: string;

  /** How many issuers the page has at most. */
  get size(): number {
    return Number(this.limit ?? PAGE);
  }
}
