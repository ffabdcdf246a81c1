import type { FakeIssuer } from '../../fakes/fake-issuer.js';
import type { AssayProcess, Ports } from './assay-process.js';

/** The `aud` of tokens that a {@link FakeIssuer} signs. */
export const audience = 'https://api.example';

/** `client_id` and secret of the caller of {@link configurationOf}. */
export const ordersApi = { id: 'orders-api', secret: 'orders-secret-Wq7Zt3Lm9XcVb5Nh' };

/** A section of the configuration: whatever a test writes into it. */
export type Section = Record<string, unknown>;

/** The section that registers `issuer` under `id`. */
export function issuerSection(id: string, issuer: Pick<FakeIssuer, 'issuer'>, more: Section = {}): Section {
  return {
    id,
    issuer: issuer.issuer,
    keys: { discovery: 'oidc' },
    algorithms: ['ES256'],
    audiences: [audience],
    network: { allowPrivate: true },
    ...more,
  };
}

/** The section of a caller that may see everything. */
export function callerSection(id: string, secret: string): Section {
  return { id, secrets: [secret], issuers: 'any', audiences: 'any', claims: 'any' };
}

/** A whole configuration on loopback: these issuers, and one caller. */
export function configurationOf(ports: Ports, issuers: readonly Section[], server: Section = {}) {
  return {
    server: {
      http: { host: '127.0.0.1', port: ports.http },
      grpc: { host: '127.0.0.1', port: ports.grpc },
      management: { host: '127.0.0.1', port: ports.management },
      ...server,
    },
    issuers,
    callers: [callerSection(ordersApi.id, ordersApi.secret)],
  };
}

/** What a caller got. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Asks for a verdict as `caller`. */
export async function introspect(assay: AssayProcess, token: string, caller = ordersApi): Promise<Answer> {
  const credentials = Buffer.from(`${caller.id}:${caller.secret}`).toString('base64');
  const response = await fetch(`${assay.publicUrl}/introspect`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Status of a probe; 0 when nobody answers. */
export async function probe(assay: AssayProcess, path: string): Promise<number> {
  const response = await fetch(assay.managementUrl + path).catch(() => undefined);
  return response?.status ?? 0;
}
