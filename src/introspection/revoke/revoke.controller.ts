import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Caller } from '../../callers/caller.js';
import { Logger } from '../../telemetry/logger.js';
import { OAuthError } from '../../transport/oauth-error.js';
import type { RequestReport } from '../../transport/request-report.js';
import type { IntrospectionForm } from '../introspection-form.js';
import { TokenRevoker } from './token-revoker.js';

/** A request after the guards. */
interface AuthenticatedRequest {
  readonly caller: Caller;
  readonly report: RequestReport;
  readonly body?: IntrospectionForm;
}

/** `POST /revoke` (RFC 7009 §2). */
@Controller()
export class RevokeController {
  constructor(
    private readonly revoker: TokenRevoker,
    private readonly logger: Logger,
  ) {}

  /** @returns nothing, whether there was a token to revoke or not (RFC 7009 §2.2) */
  @Post('revoke')
  @HttpCode(200)
  async revoke(@Req() { caller, body, report }: AuthenticatedRequest): Promise<string> {
    report.authenticated(caller);
    if (body?.token === undefined) throw new OAuthError('invalid_request', 'the token parameter is missing');
    const outcome = await this.revoker.revoke(body.token, caller, body.issuerHint);
    if (!outcome.revoked) {
      const { code: rejection, issuerId: issuer, detail } = outcome.rejection;
      // What the caller never gets to know.
      this.logger.info({ caller: caller.id, issuer, rejection, detail }, 'there is no such token to revoke');
    }
    return '';
  }
}
