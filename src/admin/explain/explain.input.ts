import { IsNotEmpty, IsString } from 'class-validator';
import { AdminInput } from '../admin-input.pipe.js';

const tokenExpected = 'the token as the caller sends it, a text';
const callerExpected = 'the id of a registered caller, a text';

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
}
