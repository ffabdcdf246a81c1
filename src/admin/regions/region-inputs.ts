import { IsIn, ValidateIf } from 'class-validator';
import { AdminInput } from '../admin-input.pipe.js';

/** Of which regions something is asked. */
export class RegionsInput extends AdminInput {
  static override readonly query = ['regions'];

  /** `own`: of the one that is asked alone; absent: of all. */
  @ValidateIf(({ regions }: RegionsInput) => regions !== undefined)
  @IsIn(['own'], { message: 'own, or nothing' })
  readonly regions?: 'own';
}
