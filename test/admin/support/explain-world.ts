import { callerSection, ordersApi } from '../../e2e/support/configuration.js';
import { adminSection, AdminService, audience, FakeIssuer, quickIssuer } from './admin-world.js';

/** Key of the hashes in the audit trail. */
export const hashKey = 'audit-key-Xk2vR9sLq4Wn7TzB1cYp6MdJ8hFg3E';

export const subject = 'subject-canary-7Hq2';
export const jti = 'jti-canary-Vw93';

/** Now, in seconds. */
export const second = () => Math.floor(Date.now() / 1000);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A service with callers of several rights, and an issuer whose tokens need a tenant. */
export class ExplainWorld {
  private constructor(
    readonly issuer: FakeIssuer,
    readonly service: AdminService,
  ) {}

  static async start(): Promise<ExplainWorld> {
    const issuer = await FakeIssuer.start();
    const rules = [{ claim: 'tenant', oneOf: ['acme', 'globex'] }];
    const { id, secret } = ordersApi;
    const callers = [
      { ...callerSection(id, secret), rateLimit: { perSecond: 1, burst: 1 } },
      { ...callerSection('narrow', secret), claims: ['tenant'] },
      { ...callerSection('elsewhere', secret), issuers: ['other'] },
      { ...callerSection('picky', secret), require: [{ claim: 'client_id', oneOf: ['shop'] }] },
      { ...callerSection('edge', secret), proxy: true, scopeImplies: { 'files:write': ['files:read', 'files:list'] } },
      { ...callerSection('deaf', secret), audiences: ['https://other.example'] },
    ];
    const keys = { jwks: { keys: [issuer.key.publicJwk] } };
    const other = { ...quickIssuer(issuer), id: 'other', issuer: 'https://login.example/tenants/other', keys };
    const telemetry = { audit: { hashKey, activeSampleRatio: 1 } };
    const more = { admin: adminSection, callers, telemetry };
    return new ExplainWorld(issuer, await AdminService.start([quickIssuer(issuer, { rules }), other], more));
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.issuer.stop();
  }

  /** A token of the issuer. */
  signed(claims: object = {}, header: Record<string, unknown> = {}): Promise<string> {
    return this.issuer.sign({ sub: subject, jti, tenant: 'acme', ...claims }, undefined, header);
  }

  /** A token of these members that nobody signed. */
  forged(header: object, claims: object = {}): string {
    const times = { iat: second(), exp: second() + 300 };
    const all = { iss: this.issuer.issuer, sub: subject, aud: audience, tenant: 'acme', ...times, ...claims };
    const named = { alg: 'ES256', kid: this.issuer.key.kid, typ: 'at+jwt', ...header };
    return `${encode(named)}.${encode(all)}.${'A'.repeat(86)}`;
  }
}
