import { Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { adminOf, type AdminRequest } from './admin-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';
import { IssuerAdministration } from './issuer-administration.js';

/** The denial of one key, made and taken back. */
@Controller('admin/v1/issuers/:id/keys/:thumbprint/deny')
export class DenialsController {
  constructor(private readonly administration: IssuerAdministration) {}

  /** 202 where other replicas cannot hear of it yet. */
  @Post()
  async deny(
    @Param('id') id: string,
    @Param('thumbprint') thumbprint: string,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    const body = request.body as Uint8Array | undefined;
    const { isShared, body: answer } = await this.administration.deny(adminOf(request), id, thumbprint, body);
    response.statusCode = isShared ? 200 : 202;
    return answer;
  }

  @Delete()
  @HttpCode(204)
  allow(@Param('id') id: string, @Param('thumbprint') thumbprint: string, @Req() request: AdminRequest): Promise<void> {
    return this.administration.allow(adminOf(request), id, thumbprint);
  }
}
