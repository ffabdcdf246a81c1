/** Sessions of the console: a browser shows a cookie that no script can read, instead of an admin token. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../shared/clock.js';
import { AdminProblem } from '../admin-problem.js';
import type { Admin, AdminToken, AdminTokens } from '../admin-tokens.js';
import type { IssuedAdmin, IssuedAdmins } from '../issued-admins.js';
import { SealedToken } from './sealed-token.js';

/** A page that is open asks every few seconds: after this time it was closed. */
export const IDLE_MS = 30 * 60_000;

/** A shift. After that the token is asked for again, however busy the page is. */
export const LONGEST_MS = 8 * 3_600_000;

/** Most sessions at a time; the one that was used longest ago makes room. */
export const MOST_SESSIONS = 200;

/** What of a request says from which page it comes. */
export type PresentedSession = Pick<IncomingMessage, 'headers'> & { readonly method: string };

/** Who signed in: with a token of the configuration, or with one of an issuer. Both were judged and found good. */
export type Credentials = AdminToken | IssuedAdmin;

interface Session {
  readonly restsOn: AdminToken | SealedToken;
  /** Monotonic time. */
  readonly endsMs: number;
  usedMs: number;
}

/**
 * The sessions of the console, which a browser names with a cookie instead of an admin token. They are kept in the memory of this
 * replica alone, by their digests, and end when their token is taken out of the configuration; those of a token of a registered issuer
 * when it would not be good any more.
 */
export class ConsoleSessions {
  /** Whether the configuration has not switched the console off. */
  isOn = true;
  private readonly sessions = new Map<string, Session>();

  constructor(
    private readonly tokens: AdminTokens,
    private readonly issued: IssuedAdmins,
    private readonly clock: Pick<Clock, 'monoMs' | 'wallMs'>,
  ) {}

  /** Begins one for whoever has shown `credentials`. @returns what the browser has to show from now on */
  begin(credentials: Credentials): string {
    const id = randomBytes(32).toString('base64url');
    const nowMs = this.clock.monoMs();
    const [first] = this.sessions.keys();
    if (this.sessions.size >= MOST_SESSIONS && first !== undefined) this.sessions.delete(first);
    const isIssued = 'expiresMs' in credentials;
    const leftMs = isIssued ? credentials.expiresMs - this.clock.wallMs() : Infinity;
    this.sessions.set(digestOf(id), {
      restsOn: isIssued ? new SealedToken(id, credentials.token) : credentials,
      endsMs: nowMs + Math.min(LONGEST_MS, leftMs),
      usedMs: nowMs,
    });
    return id;
  }

  /**
   * Whose session a request shows; `undefined` where it shows none.
   * @throws {AdminProblem} 401 for one that is over, 403 for a request that no page of this console has made, 503 where it cannot be known
   *   whether it is over
   */
  async adminOf(request: PresentedSession & { readonly peer: string }): Promise<Admin | undefined> {
    const id = cookieOf(request);
    if (!this.isOn || id === undefined) return undefined;
    refuseForeign(request);
    const admin = await this.find(id, request.peer);
    if (admin) return admin;
    throw new AdminProblem(401, 'session_over', 'the session is over: sign in again');
  }

  /** Ends the session that a request shows, where there is one. */
  end(request: PresentedSession): void {
    const id = cookieOf(request);
    if (id !== undefined) this.sessions.delete(digestOf(id));
  }

  private async find(id: string, peer: string): Promise<Admin | undefined> {
    const digest = digestOf(id);
    const session = this.sessions.get(digest);
    if (!session) return undefined;
    const nowMs = this.clock.monoMs();
    const isOver = nowMs - session.usedMs >= IDLE_MS || nowMs >= session.endsMs;
    const admin = isOver ? undefined : await this.holderOf(session, id, peer);
    // Its user may have signed out while the token was judged.
    if (this.sessions.get(digest) !== session) return undefined;
    // Again at the end: the order is that of the latest use.
    this.sessions.delete(digest);
    if (admin) this.sessions.set(digest, Object.assign(session, { usedMs: nowMs }));
    return admin;
  }

  /** Whose session it is now: a token of a registered issuer is judged again, as if it were shown for the first time. */
  private async holderOf({ restsOn }: Session, id: string, peer: string): Promise<Admin | undefined> {
    if (!(restsOn instanceof SealedToken)) return this.tokens.holderOf(restsOn);
    return (await this.issued.find(restsOn.open(id), peer))?.admin;
  }
}

/** Cookies are shared by all ports of a host: consoles of two replicas behind two forwarded ports need two names. */
export function cookieName({ host = '' }: IncomingMessage['headers']): string {
  return `assay_console_${/:(\d{1,5})$/.exec(host)?.[1] ?? 'default'}`;
}

/**
 * Refuses what a page of another origin may have made a browser send. A custom field cannot be sent across origins without a
 * permission that is never given here; browsers name the origin of everything that is no GET.
 * @throws {AdminProblem} 403
 */
export function refuseForeign({ method, headers }: PresentedSession): void {
  const { 'sec-fetch-site': site, origin } = headers;
  const isRead = method === 'GET' || method === 'HEAD';
  const isOwn =
    headers['assay-console'] === '1' &&
    (site === undefined || site === 'same-origin') &&
    (origin === undefined ? isRead : hostOf(origin) === headers.host);
  if (!isOwn)
    throw new AdminProblem(403, 'origin_foreign', 'a session is good for requests of the console itself alone');
}

/** A default port is left out by browsers in both places. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function cookieOf({ headers }: PresentedSession): string | undefined {
  const wanted = `${cookieName(headers)}=`;
  const found = (headers.cookie ?? '').split(/; */).find((each) => each.startsWith(wanted));
  return found?.slice(wanted.length);
}

/** Whoever reads this memory, or its image on a disk, must not find what a browser shows. */
function digestOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
