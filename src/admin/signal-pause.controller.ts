import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { Streams } from '../signals/streams/streams.js';
import { adminOf, type AdminRequest } from './admin-authenticator.js';
import { AdminProblem } from './admin-problem.js';
import { Audited } from './audited.interceptor.js';

/** What an operator does about a transmitter that has gone mad: nothing more of its events is taken, until somebody lets them in again. */
@Controller('admin/v1/signals/:id')
export class SignalPauseController {
  constructor(private readonly streams: Streams) {}

  @Post('pause')
  @HttpCode(200)
  @Audited({ action: 'admin_signal_pause', about: { id: 'signal' } })
  pause(@Param('id') id: string, @Req() request: AdminRequest): Promise<object> {
    return this.hold(id, request, true);
  }

  @Post('resume')
  @HttpCode(200)
  @Audited({ action: 'admin_signal_resume', about: { id: 'signal' } })
  resume(@Param('id') id: string, @Req() request: AdminRequest): Promise<object> {
    return this.hold(id, request, false);
  }

  /** @throws {AdminProblem} 404 */
  private async hold(id: string, request: AdminRequest, isHeld: boolean): Promise<object> {
    if (await this.streams.hold(id, adminOf(request).id, isHeld)) return { id, paused: isHeld };
    throw new AdminProblem(404, 'signal_unknown', 'there is no signal with this id that sends security events');
  }
}
