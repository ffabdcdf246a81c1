/** The one place where it is decided who may use the admin API, so that no route can forget to ask. */
import type { IncomingMessage } from 'node:http';
import { readAuthorization } from '../callers/credentials/authorization-header.js';
import type { FailedAttempts } from '../callers/limits/failed-attempts.js';
import type { WeakSecrets } from '../callers/limits/weak-secrets.js';
import type { AdminUses } from '../hygiene/admin-uses.js';
import { isLoopbackName } from '../shared/key-url.js';
import type { Audit } from '../telemetry/audit.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import { sourceOf } from '../transport/http/peer-of-request.js';
import { OAuthError } from '../transport/oauth-error.js';
import { AdminProblem, retryLater, unauthorized } from './admin-problem.js';
import { auditedAs, type Admin, type AdminTokens } from './admin-tokens.js';
import { type ConsoleSessions, type Credentials, refuseForeign } from './console/console-sessions.js';
import type { IssuedAdmins } from './issued-admins.js';

/** What of a request can say who uses the admin API. */
export interface PresentedAdmin extends Pick<IncomingMessage, 'headers' | 'rawHeaders'> {
  readonly method: string;
  /** Address of the peer; no forwarded header is believed here. */
  readonly peer: string;
  /** Name of the request, as its answer has it. */
  readonly requestId: string;
}

/** Who is admitted without a token: it may read, and change nothing. */
const local: Admin = { id: 'loopback', role: 'viewer' };

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Says who uses the admin API, or refuses. The one place where that is decided, for every admin route. */
export class AdminAuthenticator {
  constructor(
    private readonly tokens: AdminTokens,
    private readonly issued: IssuedAdmins,
    private readonly failedAttempts: FailedAttempts,
    private readonly weakSecrets: WeakSecrets,
    private readonly audit: Audit,
    private readonly sessions: ConsoleSessions,
    private readonly uses: Pick<AdminUses, 'used'>,
  ) {}

  /** @throws {AdminProblem} */
  async admit(request: PresentedAdmin): Promise<Admin> {
    if (!this.tokens.areConfigured) return this.admitLocal(request);
    const hasToken = request.headers.authorization !== undefined;
    const inSession = hasToken ? undefined : await this.sessions.adminOf(request);
    const admin = inSession ?? (await this.authenticate(request)).admin;
    this.uses.used(admin.id);
    if (admin.role === 'operator' || reading.has(request.method)) return admin;
    const where = { ...whereFrom(request), method: request.method };
    this.audit.record('admin_refused', { ...auditedAs(admin), status: 403, ...where });
    throw new AdminProblem(403, 'role_insufficient', 'this takes an operator');
  }

  /** Begins a session of the console for whoever shows an admin token. @throws {AdminProblem} */
  async signIn(request: PresentedAdmin): Promise<{ readonly admin: Admin; readonly session: string }> {
    refuseForeign(request);
    if (!this.sessions.isOn) throw new AdminProblem(404, 'resource_unknown', 'there is no such resource');
    if (!this.tokens.areConfigured) return { admin: this.admitLocal({ ...request, method: 'GET' }), session: '' };
    const credentials = await this.authenticate(request);
    this.uses.used(credentials.admin.id);
    this.audit.record('admin_signed_in', { ...auditedAs(credentials.admin), ...whereFrom(request) });
    return { admin: credentials.admin, session: this.sessions.begin(credentials) };
  }

  /** Ends the session that a request shows. @throws {AdminProblem} 403 for a request that no page of the console has made */
  signOut(request: PresentedAdmin): void {
    refuseForeign(request);
    this.sessions.end(request);
  }

  /**
   * A strong token, and one that an issuer has signed, is always judged, whoever else failed; a weak one only as often as anybody may
   * guess at it.
   */
  private async authenticate(request: PresentedAdmin): Promise<Credentials> {
    const token = bearerToken(request);
    const found = this.tokens.find(token);
    if (found?.match === 'strong') return found;
    const issued = found ? undefined : await this.issued.find(token, request.peer);
    if (issued) return issued;
    // A wrong token names nobody: it is a guess at every weak one.
    const guess = this.tokens.areGuessable ? await this.weakSecrets.judge('', found !== undefined) : undefined;
    if (guess && 'waitMs' in guess) throw tooMany(guess.waitMs);
    // What was right when it was shown is asked for again: the tokens may be others now.
    const again = guess?.isRight ? this.tokens.find(token) : undefined;
    if (again) return again;
    const waitSeconds = this.failedAttempts.failed(request.peer, undefined);
    this.audit.record('admin_refused', { status: 401, ...whereFrom(request), method: request.method });
    throw waitSeconds > 0 ? tooMany(waitSeconds * 1_000) : unauthorized('credentials_invalid');
  }

  /** Without tokens only this machine may read, and only read. */
  private admitLocal({ method, peer, headers }: PresentedAdmin): Admin {
    const isForwarded = Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-'));
    if (!isLoopbackName(peer) || isForwarded) {
      throw new AdminProblem(403, 'not_local', 'without admin.tokens in the configuration only loopback is answered');
    }
    // A page of the web can make a browser come here under a name of its own (DNS rebinding).
    if (!isLoopbackName(hostName(headers.host))) {
      throw new AdminProblem(
        421,
        'host_not_local',
        'without admin.tokens the Host has to be localhost or a loopback address',
      );
    }
    if (reading.has(method)) return local;
    throw new AdminProblem(
      403,
      'tokens_not_configured',
      'without admin.tokens in the configuration nothing can be changed',
    );
  }
}

function whereFrom({ peer, requestId }: PresentedAdmin): { readonly source: string; readonly request_id: string } {
  return { source: peer, request_id: requestId };
}

/** RFC 6750 §2.1; credentials of another scheme are none. */
function bearerToken({ rawHeaders }: PresentedAdmin): string {
  const headers = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'authorization');
  try {
    const authorization = readAuthorization(headers);
    if (authorization?.scheme === 'bearer') return authorization.credentials;
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new AdminProblem(400, 'request_refused', error.description);
  }
  throw unauthorized('credentials_missing');
}

function hostName(host: string | undefined): string {
  const url = `http://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function tooMany(waitMs: number): AdminProblem {
  return retryLater(429, 'too_many_attempts', 'too many wrong tokens', waitMs);
}

/** A request of the management listener. */
export type AdminRequest = HttpRequest & { admin?: Admin };

/** Who was admitted. @throws {AdminProblem} without one, which the guard has refused before */
export function adminOf({ admin }: AdminRequest): Admin {
  if (admin) return admin;
  throw unauthorized('credentials_missing');
}

/** Reads the credentials from the head of the request: no body is read before they are checked. */
export function presentedAdmin(request: HttpRequest): PresentedAdmin {
  const { method = '', headers, rawHeaders, socket, requestId } = request;
  return { method, headers, rawHeaders, peer: sourceOf({ socket, ip: undefined }), requestId };
}
