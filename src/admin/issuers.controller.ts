import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { adminOf, type AdminRequest } from './admin-request.js';
import { IssuerAdministration } from './issuer-administration.js';
import { IssuerOverview, type PageQuery } from './issuer-overview.js';

/** How issuers stand, and a look at one now. */
@Controller('admin/v1/issuers')
export class IssuersController {
  constructor(
    private readonly overview: IssuerOverview,
    private readonly administration: IssuerAdministration,
  ) {}

  @Get()
  list(@Query() query: PageQuery): Promise<object> {
    return this.overview.list(query);
  }

  @Get(':id')
  show(@Param('id') id: string): Promise<object> {
    return this.overview.show(id);
  }

  @Post(':id/refresh')
  @HttpCode(200)
  refresh(@Param('id') id: string, @Req() request: AdminRequest): Promise<object> {
    return this.administration.refresh(adminOf(request), id);
  }
}
