import { Controller, Get } from '@nestjs/common';
import { HygieneReport } from '../hygiene/hygiene-report.js';
import { AdminInputPipe, Input } from './admin-input.pipe.js';
import { HygieneInput } from './inputs.js';

/** What auditors of machine identities ask. */
@Controller('admin/v1/hygiene')
export class HygieneController {
  constructor(private readonly report: HygieneReport) {}

  @Get()
  show(@Input(AdminInputPipe) { kind, issuer, caller }: HygieneInput): object {
    return this.report.show({ kind, issuer, caller });
  }
}
