import { Controller, Get } from '@nestjs/common';
import { AdminInputPipe, Input } from './admin-input.pipe.js';
import { CallersOverview } from './callers-overview.js';
import { CallerPageInput } from './inputs.js';

/** Who asks, and what becomes of it. */
@Controller('admin/v1/callers')
export class CallersController {
  constructor(private readonly overview: CallersOverview) {}

  @Get()
  list(@Input(AdminInputPipe) page: CallerPageInput): Promise<object> {
    return this.overview.list(page);
  }
}
