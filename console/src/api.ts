// Speaks to the admin API of the replica that has served the page, and to nobody else.
import type { IssuerInRegion } from './regions-api.ts';

/** Who is signed in. */
export interface Who {
  readonly id: string;
  readonly role: 'viewer' | 'operator';
  readonly replica: string;
  readonly version: string;
}

/** See docs/admin.md, "The whole fleet". */
export interface Overview {
  readonly at: string;
  readonly replica: string;
  readonly isHealthy: boolean;
  readonly sentence: string;
  readonly since?: string;
  readonly firstStep?: string;
  readonly runbook?: string;
  readonly further?: number;
  readonly issuers: { readonly total: number; readonly states: Readonly<Record<string, number>> };
  readonly replicas: readonly ReplicaView[];
  readonly troubles: readonly TroubleView[];
  readonly troubleCount: number;
}

export interface ReplicaView {
  readonly replica: string;
  readonly region?: string;
  readonly seen: string;
  readonly isLost?: true;
  readonly isKnown?: false;
  readonly version?: string;
  readonly configuration?: { readonly digest: string; readonly since: string };
  readonly started?: string;
  readonly store?: 'none' | 'reachable' | 'away';
  readonly clockSkewMs?: number;
  readonly memoryBytes?: number;
  readonly loopDelayMs?: number;
}

export interface TroubleView {
  readonly kind: string;
  readonly says: string;
  readonly firstStep: string;
  readonly runbook?: string;
  readonly since?: string;
  readonly issuer?: string;
  readonly thumbprint?: string;
  readonly replicas: readonly string[];
}

/** See docs/admin.md, "Who asks". */
export interface CallerView {
  readonly caller: string;
  readonly isProxyProfile: boolean;
  readonly watchedSince: string;
  readonly lastUse?: string;
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  readonly active: number;
  readonly limited: number;
  readonly refused: Readonly<Record<string, number>>;
}

/** How far what is done here reaches. */
export interface FleetView {
  readonly replicas: readonly string[];
  readonly isComplete: boolean;
  readonly lost?: readonly LastSeen[];
  readonly unknown?: readonly LastSeen[];
  readonly detail?: string;
}

interface LastSeen {
  readonly replica: string;
  readonly lastSeenAgoSeconds: number;
}

export interface KeyState {
  readonly state: string;
  readonly ageSeconds?: number;
  readonly earlierProofsAgoSeconds?: readonly number[];
  readonly digest?: string;
  readonly lastError?: {
    readonly category: string;
    readonly at: string;
    readonly host?: string;
    readonly stage?: string;
  };
  readonly nextRefresh?: string;
}

export interface IssuerView extends KeyState {
  readonly id: string;
  readonly issuer: string;
  readonly criticality?: string;
  readonly limits?: { readonly refreshSeconds: number; readonly hardTtlSeconds: number };
  readonly lastAttempt?: string;
  readonly lastSuccess?: string;
  readonly waiting?: number;
  readonly opaque?: UpstreamView;
  readonly keys?: readonly KeyOfIssuer[];
  readonly deniedKeys?: readonly DenialView[];
  readonly fleet?: FleetView;
  readonly regions?: readonly IssuerInRegion[];
  readonly replicas?: readonly (KeyState & Pick<ReplicaView, 'replica' | 'region' | 'seen' | 'isLost' | 'isKnown'>)[];
}

/** How asking the issuer about opaque tokens goes at the replica that answers. */
export interface UpstreamView {
  readonly breaker: 'open' | 'closed';
  readonly retryInSeconds?: number;
  readonly inFlight: number;
  readonly lastSuccess?: string;
  readonly lastError?: { readonly category: string; readonly at: string };
  readonly since: string;
  readonly asked: number;
  readonly spared: number;
  readonly hitRatio?: number;
}

export interface KeyOfIssuer {
  readonly thumbprint: string;
  readonly kids: readonly string[];
  readonly standing: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly isDenied: boolean;
}

/** Where a decision is known to hold. */
export interface ReachView {
  readonly confirmedBy?: readonly string[];
  readonly notConfirmedBy?: readonly {
    readonly replica: string;
    readonly state: string;
    readonly lastSeenAgoSeconds: number;
  }[];
  readonly isComplete?: boolean;
}

export interface DenialView extends ReachView {
  readonly issuer?: string;
  readonly thumbprint: string;
  readonly by: string;
  readonly reason?: string;
  readonly at?: string;
  readonly until?: string;
}

export interface RevocationView extends ReachView {
  readonly id: string;
  readonly kind: string;
  readonly digest: string;
  readonly before?: string;
  readonly decidedAt: string;
  readonly until: string;
  readonly by?: string;
  readonly reason?: string;
}

/** What the admin API has refused. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How a request is made. */
export interface Ask {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  /** An admin token; sent once, to sign in. */
  readonly token?: string;
}

/**
 * Sends one request.
 * @throws {Refused}
 * @throws {TypeError} where nobody answers
 */
export async function ask<Answer>(path: string, { method = 'GET', body, token }: Ask = {}): Promise<Answer> {
  const headers = new Headers({ 'Assay-Console': '1' });
  if (body) headers.set('Content-Type', 'application/json');
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(path, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = (text === '' ? {} : JSON.parse(text)) as Answer;
  if (response.ok) return answer;
  const { code = 'unknown', detail = response.statusText, errors = [] } = answer as ProblemDocument;
  const fields = errors.map((each) => `${each.field}: ${each.detail}`).join('; ');
  throw new Refused(response.status, code, fields === '' ? detail : `${detail} (${fields})`);
}

/** RFC 9457. */
interface ProblemDocument {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
}

/** Below `/admin/v1`. */
export const admin = (path: string): string => `/admin/v1/${path}`;

/** What went wrong, for a person. */
export function messageOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  return 'this replica does not answer';
}
