import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { AdminInputPipe, Input } from './admin-input.pipe.js';
import { Audited } from './audited.interceptor.js';
import { IssuerPageInput } from './inputs.js';
import { IssuerAdministration } from './issuer-administration.js';
import { IssuerOverview } from './issuer-overview.js';

/** The states of issuers, and a refresh of one now. */
@Controller('admin/v1/issuers')
export class IssuersController {
  constructor(
    private readonly overview: IssuerOverview,
    private readonly administration: IssuerAdministration,
  ) {}

  @Get()
  list(@Input(AdminInputPipe) page: IssuerPageInput): Promise<object> {
    return this.overview.list(page);
  }

  @Get(':id')
  show(@Param('id') id: string): Promise<object> {
    return this.overview.show(id);
  }

  @Post(':id/refresh')
  @HttpCode(200)
  @Audited({ action: 'admin_refresh', about: { id: 'issuer' } })
  refresh(@Param('id') id: string): Promise<object> {
    return this.administration.refresh(id);
  }
}
