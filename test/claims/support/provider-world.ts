import { AdminService, adminSection, FakeIssuer } from '../../admin/support/admin-world.js';
import { callerSection, issuerSection, ordersApi, type Section } from '../../e2e/support/configuration.js';

export const zitadelRoles = 'urn:zitadel:iam:org:project:roles';
export const clerkOrigin = 'https://app.example';

/** Providers by what is peculiar about the claims of their tokens. All of them sign with one key, each under its own `iss`. */
const registrations: Readonly<Record<string, Section>> = {
  cognito: { audiences: 'any', sessionClaim: 'origin_jti', rules: [{ claim: 'token_use', equals: 'access' }] },
  okta: { clientIdClaims: ['cid'], rules: [{ claim: 'client_id', oneOf: ['shop'] }] },
  entra: { clientIdClaims: ['azp', 'appid'], scopeClaims: ['scp', 'roles'] },
  keycloak: { scopeClaims: ['scope', '/realm_access/roles'], requiredClaims: [['realm_access', 'roles']] },
  ruled: { rules: [{ claim: '/realm_access/roles', containsAny: ['admin'] }] },
  mistaken: { rules: [{ claim: 'realm_access.roles', containsAny: ['admin'] }] },
  lenient: { rules: [{ claim: 'org.role', equals: 'admin', optional: true }] },
  lax: { rules: [{ claim: 'org.role', equals: 'admin', optional: true }] },
  unscoped: { scopeClaims: ['scp', 'realm_access.roles'] },
  zitadel: { scopeClaims: [zitadelRoles], rules: [{ claim: zitadelRoles, containsKey: 'reader' }] },
  clerk: { audiences: 'any', rules: [{ claim: 'azp', oneOf: [clerkOrigin], optional: true }] },
  plain: {},
};

const { secret } = ordersApi;
const everything = { issuers: 'any', audiences: 'any', claims: 'any' };

const callers = [
  callerSection(ordersApi.id, secret),
  { ...callerSection('shop', secret), require: [{ claim: 'client_id', oneOf: ['shop'] }] },
  { ...callerSection('narrow', secret), claims: ['sub', '/realm_access/roles'] },
  { ...callerSection('doubtful', secret), require: [{ claim: 'org.role', equals: 'admin' }] },
  { id: 'edge', proxy: true, ...everything },
  { id: 'edge-admin', proxy: true, ...everything, require: [{ claim: '/realm_access/roles', contains: 'admin' }] },
];

const server = {
  identifier: 'https://assay.example',
  http: { port: 0 },
  management: { port: 0 },
  grpc: { enabled: false },
  trustedProxies: ['127.0.0.1/32'],
};

const iss = (id: string) => `https://${id}.example`;

/** The service with all of them, and callers that are limited by what tokens say. */
export class ProviderWorld {
  private constructor(
    private readonly issuer: FakeIssuer,
    readonly service: AdminService,
  ) {}

  static async start(): Promise<ProviderWorld> {
    const issuer = await FakeIssuer.start();
    const keys = { jwks: { keys: [issuer.key.publicJwk] } };
    const issuers = Object.entries(registrations).map(([id, more]) =>
      issuerSection(id, { issuer: iss(id) }, { keys, network: undefined, ...more }),
    );
    return new ProviderWorld(issuer, await AdminService.start(issuers, { admin: adminSection, callers, server }));
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.issuer.stop();
  }

  /** A token of one of the providers. */
  signed(id: string, claims: object): Promise<string> {
    return this.issuer.sign({ iss: iss(id), ...claims });
  }

  /** Whether such a token is active for a caller. */
  async isActive(id: string, claims: object, caller?: string): Promise<unknown> {
    return (await this.service.introspect(await this.signed(id, claims), caller))['active'];
  }
}
