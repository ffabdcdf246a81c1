import { Controller, Get } from '@nestjs/common';
import { SignalOverview } from '../signals/signal-overview.js';

/** What providers have told this replica about sessions and subjects. */
@Controller('admin/v1/signals')
export class SignalsController {
  constructor(private readonly overview: SignalOverview) {}

  @Get()
  show(): object {
    return this.overview.show();
  }
}
