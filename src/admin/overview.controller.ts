import { Controller, Get } from '@nestjs/common';
import { FleetOverview } from './fleet-overview.js';

/** The whole fleet in one answer. */
@Controller('admin/v1')
export class OverviewController {
  constructor(private readonly overview: FleetOverview) {}

  @Get('overview')
  show(): Promise<object> {
    return this.overview.show();
  }

  @Get('denials')
  denied(): Promise<object> {
    return this.overview.denied();
  }
}
