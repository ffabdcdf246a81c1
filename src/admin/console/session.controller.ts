import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { version } from '../../shared/package-root.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import { AdminAuthenticator, presentedAdmin, type AdminRequest } from '../admin-authenticator.js';
import { Fleet } from '../fleet.js';
import { cookieName } from './console-sessions.js';

/** Signing in to the console with an admin token, and out again. The routes are open: each says itself who is admitted. */
@Controller('console/session')
export class SessionController {
  constructor(
    private readonly authenticator: AdminAuthenticator,
    private readonly fleet: Fleet,
  ) {}

  /** Who one is here, so that the page knows whether to ask for a token. */
  @Get()
  async show(@Req() request: AdminRequest): Promise<object> {
    const { id, role } = await this.authenticator.admit(presentedAdmin(request));
    return { id, role, replica: this.fleet.replica, version };
  }

  /** Exchanges the token of the `Authorization` field for a cookie that no script can read. */
  @Post()
  @HttpCode(201)
  async begin(@Req() request: AdminRequest, @Res({ passthrough: true }) response: HttpResponse): Promise<object> {
    const { admin, session } = await this.authenticator.signIn(presentedAdmin(request));
    // This listener speaks plain HTTP; where a proxy before it speaks TLS, the page says so.
    const isSecure = request.headers.origin?.startsWith('https:') ?? false;
    const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
    response.setHeader('set-cookie', `${cookieName(request.headers)}=${session}; ${attributes}`);
    return { id: admin.id, role: admin.role, replica: this.fleet.replica, version };
  }

  @Delete()
  @HttpCode(204)
  end(@Req() request: AdminRequest, @Res({ passthrough: true }) response: HttpResponse): void {
    this.authenticator.signOut(presentedAdmin(request));
    response.setHeader('set-cookie', `${cookieName(request.headers)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
  }
}
