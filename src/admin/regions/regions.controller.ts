import { Controller, Get } from '@nestjs/common';
import { IsIn, ValidateIf } from 'class-validator';
import { AdminInput, AdminInputPipe, Input } from '../admin-input.pipe.js';
import { RegionsOverview } from './regions-overview.js';

/** Of which regions something is asked. */
class RegionsInput extends AdminInput {
  static override readonly query = ['regions'];

  /** `own`: of the one that is asked alone; absent: of all. */
  @ValidateIf(({ regions }: RegionsInput) => regions !== undefined)
  @IsIn(['own'], { message: 'own, or nothing' })
  readonly regions?: 'own';
}

/** All regions of the installation in one answer; or this one alone, for another region that asks. */
@Controller('admin/v1/fleet')
export class RegionsController {
  constructor(private readonly overview: RegionsOverview) {}

  @Get()
  show(@Input(AdminInputPipe) { regions }: RegionsInput): Promise<object> {
    return regions === 'own' ? this.overview.showOwn() : this.overview.show();
  }
}
