import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Caller } from '../../callers/caller.js';
import { stringifyJson } from '../../shared/strict-json.js';
import type { HttpRequest } from '../../transport/http/http-request.js';
import type { HttpResponse } from '../../transport/http/http-response.js';
import type { RequestReport } from '../../transport/request-report.js';
import { EventReader } from './event-reader.js';
import { eventsQuery } from './events-query.js';

/** A connection whose request waits is silent for as long, and a moment: the listener would take it for dead. In milliseconds. */
const SILENCE_MARGIN_MS = 10_000;

/** A request after the guards. */
type AuthenticatedRequest = HttpRequest & { readonly caller: Caller; readonly report: RequestReport };

/** `/events`: what was revoked since, for callers that cache answers. */
@Controller()
export class EventsController {
  constructor(private readonly reader: EventReader) {}

  @Get('events')
  get(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) response: HttpResponse): Promise<string> {
    return this.read(request, response);
  }

  /** The same, for callers whose credentials are in a form (RFC 7521 §4.2); the question is in the query. */
  @Post('events')
  @HttpCode(200)
  post(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) response: HttpResponse): Promise<string> {
    return this.read(request, response);
  }

  private async read(
    { caller, report, url = '', socket }: AuthenticatedRequest,
    response: HttpResponse,
  ): Promise<string> {
    report.authenticated(caller);
    const query = eventsQuery(url);
    if (query.waitMs > 0) socket.setTimeout(query.waitMs + SILENCE_MARGIN_MS);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
    });
    return stringifyJson(await this.reader.read(caller, query, gone.signal));
  }
}
