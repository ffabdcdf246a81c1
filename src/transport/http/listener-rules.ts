import type { RequestReport } from '../request-report.js';
import type { HttpRequest } from './http-request.js';

/** What a listener decides before Nest sees a request, from its head alone. All errors end in Nest's filters. */
export interface ListenerRules {
  /** @param route path of the route as it was declared; `undefined` where there is none for this path and method */
  readonly observe?: (request: HttpRequest, route: string | undefined) => RequestReport;
  /** With what every request is refused at this moment; the connection is closed. To be asked once for each request. */
  readonly unavailable?: () => Error | undefined;
  /** What is wrong with a request to a route that exists. @param takesBody whether {@link parse} is asked for its bodies */
  readonly refuse?: (request: HttpRequest, takesBody: boolean) => Error | undefined;
  /**
   * What a request is answered that leads nowhere; left out, Nest's own 404.
   * @param allowed the methods of the resource; none where there is no such resource
   */
  readonly refuseUnknown?: (request: HttpRequest, allowed: readonly string[]) => Error | Promise<Error>;
  /** Reads bodies before guards run; left out, handlers read them. @throws {Error} what the request is refused with */
  readonly parse?: (body: Buffer, request: HttpRequest) => unknown;
}
