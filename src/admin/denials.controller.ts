import { Controller, Delete, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { HttpResponse } from '../transport/http/http-response.js';
import { adminOf, type AdminRequest } from './admin-authenticator.js';
import { AdminInputPipe, Input } from './admin-input.pipe.js';
import { Audited } from './audited.interceptor.js';
import { DenialInput, KeyInput } from './inputs.js';
import { IssuerAdministration } from './issuer-administration.js';
import { giveReachAnswer } from './reach-answer.js';

const about = { id: 'issuer', thumbprint: 'thumbprint' };

/** The denial of one key, made and taken back. */
@Controller('admin/v1/issuers/:id/keys/:thumbprint/deny')
export class DenialsController {
  constructor(private readonly administration: IssuerAdministration) {}

  /** 202 where a replica is remembered that may not learn of it in time. */
  @Post()
  @Audited({ action: 'admin_deny', about, said: ['reason'] })
  async deny(
    @Param('id') id: string,
    @Input(AdminInputPipe) denial: DenialInput,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    return giveReachAnswer(await this.administration.deny(adminOf(request), id, denial), 200, response);
  }

  @Delete()
  @HttpCode(204)
  @Audited({ action: 'admin_allow', about })
  allow(
    @Param('id') id: string,
    @Input(AdminInputPipe) { thumbprint }: KeyInput,
    @Req() request: AdminRequest,
  ): Promise<void> {
    return this.administration.allow(adminOf(request), id, thumbprint);
  }
}
