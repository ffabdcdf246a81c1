import { IsIn, IsString, ValidateIf } from 'class-validator';
import { PagedInput } from '../inputs.js';
import { type EventGroup, eventGroups } from './event-kinds.js';

/** Which events are asked for; absent: the latest of all. */
export class EventPageInput extends PagedInput {
  static override readonly query = ['group', 'issuer', 'limit'];

  @ValidateIf(({ group }: EventPageInput) => group !== undefined)
  @IsIn(eventGroups, { message: eventGroups.join(', ') })
  readonly group?: EventGroup;

  /** Id of the registration. */
  @ValidateIf(({ issuer }: EventPageInput) => issuer !== undefined)
  @IsString({ message: 'one id of the configuration' })
  readonly issuer?: string;
}
