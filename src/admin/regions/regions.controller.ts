import { Controller, Get } from '@nestjs/common';
import { AdminInputPipe, Input } from '../admin-input.pipe.js';
import { RegionsInput } from './region-inputs.js';
import { RegionsOverview } from './regions-overview.js';

/** All regions of the installation in one answer; or this one alone, for another region that asks. */
@Controller('admin/v1/fleet')
export class RegionsController {
  constructor(private readonly overview: RegionsOverview) {}

  @Get()
  show(@Input(AdminInputPipe) { regions }: RegionsInput): Promise<object> {
    return regions === 'own' ? this.overview.showOwn() : this.overview.show();
  }
}
