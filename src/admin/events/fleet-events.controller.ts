import { Controller, Get } from '@nestjs/common';
import { AdminInputPipe, Input } from '../admin-input.pipe.js';
import { EventPageInput } from './event-page.input.js';
import { EventsOverview } from './events-overview.js';

/** What happened lately. */
@Controller('admin/v1/events')
export class FleetEventsController {
  constructor(private readonly overview: EventsOverview) {}

  @Get()
  show(@Input(AdminInputPipe) { group, issuer, size }: EventPageInput): Promise<object> {
    return this.overview.show({ group, issuer, size });
  }
}
