import type { AdminService } from '../../admin/support/admin-world.js';
import type { Section } from '../../e2e/support/configuration.js';
import type { FakeIssuer, FakeKey } from '../../fakes/fake-issuer.js';

export const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
export const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
export const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** What transmitters call us. */
export const receiver = 'https://assay.example';

/** What the transmitter shows when it pushes. */
export const pushSecret = 'Zx81-spectrum-QL-sinclair-0193';

/** The stream of most tests. */
export const pushed: Section = { id: 'corp-ssf', issuer: 'corp', audience: receiver, push: { secret: pushSecret } };

/** Subjects, as transmitters name them. */
export const byName = (issuer: FakeIssuer, sub: string): object => ({ format: 'iss_sub', iss: issuer.issuer, sub });
export const bySession = (id: string): object => ({ format: 'opaque', id });

let made = 0;

/** One event, told as Shared Signals 1.0 wants it, but for what is said otherwise; `undefined` takes a claim away. */
export function securityEvent(
  issuer: FakeIssuer,
  { type = `${CAEP}session-revoked`, about = {}, subject = byName(issuer, 'anna'), ...told }: ToldEvent = {},
): Promise<string> {
  const { claims = {}, header = {}, key = issuer.key } = told;
  const usual = { aud: receiver, jti: `set ${++made}`, events: { [type]: about }, sub_id: subject };
  const whole: Record<string, unknown> = { sub: undefined, exp: undefined, ...usual, ...claims };
  return issuer.sign(whole, key, { typ: 'secevent+jwt', ...header });
}

/** What an event says. */
export interface ToldEvent {
  readonly type?: string;
  readonly about?: object;
  readonly subject?: object;
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: FakeKey;
}

/** What a transmitter is answered. */
export interface PushAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** How it pushes, where that is not as it should be. */
export interface PushManner {
  readonly id?: string;
  readonly secret?: string | undefined;
  readonly type?: string;
}

/** Pushes a token as RFC 8935 says. */
export async function push(service: AdminService, token: string, manner: PushManner = {}): Promise<PushAnswer> {
  const { id = 'corp-ssf', type = 'application/secevent+jwt' } = manner;
  const secret = 'secret' in manner ? manner.secret : pushSecret;
  const headers = { 'content-type': type, ...(secret !== undefined && { authorization: `Bearer ${secret}` }) };
  const answer = await fetch(`${service.publicUrl}/signals/${id}/events`, { method: 'POST', headers, body: token });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
