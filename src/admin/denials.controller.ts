import { Controller, Delete, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AdminGuard } from './admin.guard.js';
import { adminOf, type AdminRequest } from './admin-listener.js';
import { IssuerAdministration } from './issuer-administration.js';

/** The denial of one key, made and taken back. */
@Controller('admin/v1/issuers/:id/keys/:thumbprint/deny')
@UseGuards(AdminGuard)
export class DenialsController {
  constructor(private readonly administration: IssuerAdministration) {}

  /** 202 where other replicas cannot hear of it yet. */
  @Post()
  async deny(
    @Param('id') id: string,
    @Param('thumbprint') thumbprint: string,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const body = request.body as Uint8Array | undefined;
    const { isShared, body: answer } = await this.administration.deny(adminOf(request), id, thumbprint, body);
    reply.code(isShared ? 200 : 202);
    return answer;
  }

  @Delete()
  @HttpCode(204)
  allow(@Param('id') id: string, @Param('thumbprint') thumbprint: string, @Req() request: AdminRequest): Promise<void> {
    return this.administration.allow(adminOf(request), id, thumbprint);
  }
}
