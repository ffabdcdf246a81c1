import { Controller, Delete, Param, Post, Req, Res } from '@nestjs/common';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { adminOf, type AdminRequest } from '../admin-authenticator.js';
import { AdminInputPipe, Input } from '../admin-input.pipe.js';
import { Audited } from '../audited.interceptor.js';
import { DenialInput, KeyInput } from '../inputs.js';
import { giveReachAnswer } from '../reach-answer.js';
import { RevocationInput } from '../revocation-inputs.js';
import { RegionActions } from './region-actions.js';

const about = { id: 'issuer', thumbprint: 'thumbprint' };

/** Denies, allows and revokes in every region with one call. 202 where a region has not done it, or promises no time. */
@Controller('admin/v1/fleet/issuers/:id')
export class EverywhereController {
  constructor(private readonly actions: RegionActions) {}

  @Post('keys/:thumbprint/deny')
  @Audited({ action: 'admin_deny', about, said: ['reason'] })
  async deny(
    @Param('id') id: string,
    @Input(AdminInputPipe) denial: DenialInput,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    return giveReachAnswer(await this.actions.deny(adminOf(request), id, denial), 200, response);
  }

  @Delete('keys/:thumbprint/deny')
  @Audited({ action: 'admin_allow', about })
  async allow(
    @Param('id') id: string,
    @Input(AdminInputPipe) { thumbprint }: KeyInput,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    return giveReachAnswer(await this.actions.allow(adminOf(request), id, thumbprint), 200, response);
  }

  @Post('revocations')
  @Audited({ action: 'admin_revoke', about: { id: 'issuer' }, said: ['kind', 'reason'] })
  async revoke(
    @Param('id') id: string,
    @Input(AdminInputPipe) input: RevocationInput,
    @Req() request: AdminRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<object> {
    return giveReachAnswer(await this.actions.revoke(adminOf(request), id, input), 201, response);
  }
}
