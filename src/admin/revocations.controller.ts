import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { HttpResponse } from '../transport/http/http-response.js';
import { adminOf, type AdminRequest } from './admin-authenticator.js';
import { AdminInputPipe, Input } from './admin-input.pipe.js';
import { Audited } from './audited.interceptor.js';
import { giveReachAnswer } from './reach-answer.js';
import { RevocationAdministration } from './revocation-administration.js';
import { RevocationIdInput, RevocationInput, RevocationPageInput } from './revocation-inputs.js';

/** What was revoked of one issuer: made, listed and taken back. */
@Controller('admin/v1/issuers/:id/revocations')
export class RevocationsController {
  constructor(private readonly administration: RevocationAdministration) {}

  /** 202 where no time can be promised by which every replica refuses it. */
  @Post()
  @Audited({ action: 'admin_revoke', about: { id: 'issuer' }, said: ['kind', 'reason'] })
  async revoke(
    @Param('id') id: string,
    @Input(AdminInputPipe) input: RevocationInput,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    return giveReachAnswer(await this.administration.revoke(adminOf(request), id, input), 201, response);
  }

  @Get()
  list(@Param('id') id: string, @Input(AdminInputPipe) page: RevocationPageInput): Promise<object> {
    return this.administration.list(id, page);
  }

  @Delete(':revocation')
  @HttpCode(204)
  @Audited({ action: 'admin_unrevoke', about: { id: 'issuer', revocation: 'revocation' } })
  allow(
    @Param('id') id: string,
    @Input(AdminInputPipe) { revocation }: RevocationIdInput,
    @Req() request: AdminRequest,
  ): Promise<void> {
    return this.administration.allow(adminOf(request), id, revocation);
  }
}
