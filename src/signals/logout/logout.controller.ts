import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { OAuthError } from '../../transport/oauth-error.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import { sourceOf } from '../../transport/http/peer-of-request.js';
import { formOf } from '../../transport/http/form.js';
import type { RouteBody } from '../../transport/http/route-body.js';
import { LogoutReceiver } from './logout-receiver.js';

/** The one parameter of a logout request (OpenID Connect Back-Channel Logout 1.0 §2.5). */
const LOGOUT_TOKEN = 'logout_token';

/** Path of the route, as it is declared. */
export const logoutRoute = '/signals/:id/logout';

/** What it reads. */
export const logoutBody: RouteBody = formOf(new Set([LOGOUT_TOKEN]));

/** `POST /signals/{id}/logout`: the `backchannel_logout_uri` of a client. The token is all that vouches for its sender. */
@Controller()
export class LogoutController {
  constructor(private readonly receiver: LogoutReceiver) {}

  /** @returns nothing (§2.8) */
  @Post('signals/:id/logout')
  @HttpCode(200)
  async logout(@Req() request: HttpRequest): Promise<string> {
    const { params, body } = request;
    const logoutToken = (body as ReadonlyMap<string, string> | undefined)?.get(LOGOUT_TOKEN);
    if (logoutToken === undefined) throw new OAuthError('invalid_request', 'the logout_token parameter is missing');
    await this.receiver.receive({ id: params['id'] ?? '', logoutToken, source: sourceOf(request) });
    return '';
  }
}
