/** Asks the admin API of a running service for commands of the command line. */
import { readKeyUrl } from '../../shared/key-url.js';
import type { Clock } from '../../shared/clock.js';
import { exitCodes, WrongCall, type CommandHost, type ExitCode } from '../command.js';
import { textOf } from '../keys/network-options.js';
import { plainText } from '../plain-text.js';

/** Options of commands that ask a running service by its admin API. */
export const serviceOptions = {
  service: { argument: 'URL', help: 'its management listener; http://127.0.0.1:8081 if nothing is said' },
  'admin-token-file': { argument: 'FILE', help: 'file with a token of admin.tokens; else $ASSAY_ADMIN_TOKEN' },
} as const;

const DEFAULT_SERVICE = 'http://127.0.0.1:8081';
/** Longest wait for an answer: an explanation may wait for an issuer, a denial for Redis. */
const PATIENCE_MS = 15_000;

/** What can stand in a header, without spaces; as long as no replica refuses to read it. */
const tokenShape = /^[\x21-\x7e]{1,8000}$/;

/** What a service has answered; `status` 0 where nobody has. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The admin API of a running service. */
export class ServiceClient {
  private readonly url: string;
  private readonly token: string | undefined;
  private readonly clock: Clock;

  /** @throws {WrongCall} also where its token would go over a network in the clear */
  constructor(
    options: { readonly service: string | undefined; readonly 'admin-token-file': string | undefined },
    { clock, environment }: CommandHost,
  ) {
    const url = readKeyUrl(options.service ?? DEFAULT_SERVICE, { allowPrivate: true });
    if (typeof url === 'string') {
      throw new WrongCall(`--service: ${url}; expected https, or http of this machine, as of kubectl port-forward`);
    }
    this.url = url.href.replace(/\/$/, '');
    const file = options['admin-token-file'];
    const token = (file === undefined ? environment['ASSAY_ADMIN_TOKEN'] : textOf(file, 'admin-token-file'))?.trim();
    // Of a file that was named by mistake nothing is sent.
    if (token !== undefined && !tokenShape.test(token))
      throw new WrongCall('the admin token: one line, as in admin.tokens');
    this.token = token;
    this.clock = clock;
  }

  /** @param path below `/admin/v1/` */
  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<ServiceAnswer> {
    const over = new AbortController();
    const timer = this.clock.after(PATIENCE_MS, () => {
      over.abort();
    });
    try {
      const response = await fetch(`${this.url}/admin/v1/${path}`, {
        method,
        redirect: 'error',
        signal: over.signal,
        headers: {
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as ServiceAnswer['body'] };
    } catch {
      return { status: 0, body: {} };
    } finally {
      timer.cancel();
    }
  }
}

/** Says why a service has not done what it was asked for, in the words of its problem document. */
export function sayRefusal({ status, body }: ServiceAnswer, { printError }: CommandHost): ExitCode {
  if (status === 0) {
    printError('assay: the service does not answer; to do: check --service, and that it runs\n');
    return exitCodes.unavailable;
  }
  const { code, detail, errors } = body;
  const fields = Array.isArray(errors) ? `; ${JSON.stringify(errors)}` : '';
  const words = [code, detail].filter((each) => typeof each === 'string').join(': ');
  printError(
    `assay: the service refuses, status ${status}: ${plainText(words)}${plainText(fields)}${remedyFor(status)}\n`,
  );
  return status >= 500 || status === 429 ? exitCodes.unavailable : exitCodes.no;
}

function remedyFor(status: number): string {
  if (status === 401) return '; to do: name a token of admin.tokens by --admin-token-file';
  return status === 403 ? '; to do: use the token of an operator' : '';
}
