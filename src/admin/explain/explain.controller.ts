import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { adminOf, type AdminRequest } from '../admin-authenticator.js';
import { AdminInputPipe, Input } from '../admin-input.pipe.js';
import { Audited } from '../audited.interceptor.js';
import { ExplainInput } from '../inputs.js';
import { Explainer } from './explainer.js';

/** How a token is judged for a caller, step by step. A POST, because a token belongs into no URL; so it takes an operator. */
@Controller('admin/v1/explain')
export class ExplainController {
  constructor(private readonly explainer: Explainer) {}

  @Post()
  @HttpCode(200)
  @Audited({ action: 'admin_explain', writesSuccess: true })
  explain(@Input(AdminInputPipe) input: ExplainInput, @Req() request: AdminRequest): Promise<object> {
    return this.explainer.explain(adminOf(request), input);
  }
}
