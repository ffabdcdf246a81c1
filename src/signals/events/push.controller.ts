import { Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import { Clock } from '../../shared/clock.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import { sourceOf } from '../../transport/http/peer-of-request.js';
import type { RouteBody } from '../../transport/http/route-body.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { Signals } from '../signals.js';
import { EventReceiver, type StreamSignal } from './event-receiver.js';
import { SetError } from './set-error.js';
import { SetErrorFilter, SetRefused } from './set-error.filter.js';

/** Path of the route, as it is declared. */
export const pushRoute = '/signals/:id/events';

/** What every transmitter sends (RFC 8935 §2.1). */
const SET_MEDIA_TYPE = 'application/secevent+jwt';

/** A body of which nothing was read yet. */
interface Unread {
  readonly type: string;
  readonly text: string;
}

/** Takes any body as text. The sender is authenticated before it is read. */
export const pushBody: RouteBody = {
  type: SET_MEDIA_TYPE,
  takes: () => true,
  parse: (body, type): Unread => ({ type, text: body.toString('latin1') }),
};

/** `POST /signals/{id}/events`: where a transmitter sends security event tokens (RFC 8935). */
@Controller()
@UseFilters(SetErrorFilter)
export class PushController {
  constructor(
    private readonly receiver: EventReceiver,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {}

  /** @returns nothing, as soon as what was told cannot be lost any more (§2.2) */
  @Post('signals/:id/events')
  @HttpCode(202)
  async push(@Req() request: HttpRequest): Promise<string> {
    const signal = this.signals.byId(request.params['id'] ?? '');
    if (!isPushed(signal)) throw new OAuthError('invalid_request', 'there is no such resource', { status: 404 });
    if (!this.isItsTransmitter(signal, request.headers.authorization)) throw unauthenticated();
    const body = request.body as Unread | undefined;
    if (body?.type.split(';', 1)[0]?.trim().toLowerCase() !== SET_MEDIA_TYPE) {
      throw new SetRefused(400, new SetError('invalid_request', `the body must be ${SET_MEDIA_TYPE}`));
    }
    const source = sourceOf(request);
    const error = await this.receiver.receive({ signal, compact: body.text, delivery: 'push', source });
    if (error) throw new SetRefused(400, error);
    return '';
  }

  private isItsTransmitter({ stream }: StreamSignal, authorization = ''): boolean {
    const [, secret = ''] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    return stream.push?.secret.match(secret, this.clock.wallMs()) !== undefined;
  }
}

function isPushed(signal: ReturnType<Signals['byId']>): signal is StreamSignal {
  return signal?.stream?.push !== undefined;
}

function unauthenticated(): SetRefused {
  const error = new SetError('authentication_failed', 'the transmitter did not show the secret of this stream');
  return new SetRefused(401, error, { 'www-authenticate': 'Bearer' });
}
