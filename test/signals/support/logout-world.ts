import { AdminService } from '../../admin/support/admin-world.js';
import type { Section } from '../../e2e/support/configuration.js';
import type { FakeIssuer } from '../../fakes/fake-issuer.js';

/** What we are at the provider. */
export const client = 'assay-client';

/** The member of `events` that makes a logout token. */
export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** The signal of most tests. */
export const logoutSignal: Section = { id: 'corp-logout', issuer: 'corp', backchannelLogout: { audience: client } };

let made = 0;

/** A logout token as the specification wants it, but for what is said otherwise; `undefined` takes a claim away. */
export function logoutToken(
  issuer: FakeIssuer,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key = issuer.key,
): Promise<string> {
  const usual = { aud: client, jti: `logout ${++made}`, events: { [logoutEvent]: {} }, sid: 'session-1', sub: 'anna' };
  return issuer.sign({ ...usual, ...claims }, key, { typ: 'logout+jwt', ...header });
}

/** What a provider is answered. */
export interface LogoutAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Sends a body to the endpoint of a signal, as a provider does. */
export async function send(
  service: AdminService,
  body: Record<string, string>,
  id = 'corp-logout',
): Promise<LogoutAnswer> {
  const answer = await fetch(`${service.publicUrl}/signals/${id}/logout`, {
    method: 'POST',
    body: new URLSearchParams(body),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** Has a logout token received. @returns the status */
export async function logOut(service: AdminService, token: string, id?: string): Promise<number> {
  return (await send(service, { logout_token: token }, id)).status;
}
