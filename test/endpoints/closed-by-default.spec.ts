import { Controller, Delete, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminAuthenticator } from '../../src/admin/admin-authenticator.js';
import { AdminTokens } from '../../src/admin/admin-tokens.js';
import { ConsoleSessions } from '../../src/admin/console/console-sessions.js';
import { IssuedAdmins } from '../../src/admin/issued-admins.js';
import { CallersOverview } from '../../src/admin/callers-overview.js';
import { EventsOverview } from '../../src/admin/events/events-overview.js';
import { Explainer } from '../../src/admin/explain/explainer.js';
import { IssuerAdministration } from '../../src/admin/issuer-administration.js';
import { RegionActions } from '../../src/admin/regions/region-actions.js';
import { RegionsOverview } from '../../src/admin/regions/regions-overview.js';
import { FleetOverview } from '../../src/admin/fleet-overview.js';
import { Fleet } from '../../src/admin/fleet.js';
import { RevocationAdministration } from '../../src/admin/revocation-administration.js';
import { IssuerOverview } from '../../src/admin/issuer-overview.js';
import { FailedAttempts } from '../../src/callers/limits/failed-attempts.js';
import { composeWeakSecrets } from '../../src/callers/limits/weak-secrets.js';
import { SecretDigests } from '../../src/callers/methods/secret/secret-digest.js';
import type { HttpApplication } from '../../src/app/http-application.js';
import { createManagementApplication } from '../../src/app/management.app.js';
import { AdminUses } from '../../src/hygiene/admin-uses.js';
import { HygieneReport } from '../../src/hygiene/hygiene-report.js';
import { SignalOverview } from '../../src/signals/signal-overview.js';
import { Lifecycle } from '../../src/health/lifecycle.js';
import { KeyPresence } from '../../src/health/readiness.js';
import { ConfiguredIssuers } from '../../src/issuers/configured-issuers.js';
import { PinoLogger } from '../../src/telemetry/pino-logger.js';
import { ActiveConfiguration } from '../../src/shared/configuration/active-configuration.js';
import { Streams } from '../../src/signals/streams/streams.js';
import { Telemetry } from '../../src/telemetry/telemetry.js';
import { TokenVerifier } from '../../src/verification/token-verifier.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { RecordingAudit } from '../fakes/recording-audit.js';
import { HttpEndpoint } from '../transport/http/support/http-endpoint.js';
import { header, talk, type RawAnswer } from '../transport/http/support/raw-http.js';
import { basic, request, type RequestParts } from '../transport/http/support/requests.js';

let reached = 0;

/** What somebody adds to a listener and tells nobody of: no decorator, in no list. */
@Controller()
class ForgottenController {
  @Get('forgotten')
  read(): string {
    reached++;
    return 'reached';
  }

  @Post('forgotten')
  write(): string {
    return this.read();
  }

  @Delete('forgotten/:id/part')
  remove(): string {
    return this.read();
  }

  @Get('livez/forgotten')
  below(): string {
    return this.read();
  }

  @Get('authorize/forgotten')
  belowAuthorize(): string {
    return this.read();
  }
}

@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

const routes = [
  ['GET', '/forgotten'],
  ['HEAD', '/forgotten'],
  ['GET', '/%66orgotten'],
  ['GET', 'http://assay.example/forgotten'],
  ['POST', '/forgotten'],
  ['DELETE', '/forgotten/1/part'],
  ['GET', '/livez/forgotten'],
  ['GET', '/authorize/forgotten'],
] as const;

async function ask(port: number, parts: RequestParts): Promise<RawAnswer> {
  return (await talk(port, request(parts)))[0]!;
}

describe('the public listener is closed by default', () => {
  let endpoint: HttpEndpoint;

  beforeAll(async () => {
    endpoint = await HttpEndpoint.open({ further: [ForgottenModule] });
  });

  afterAll(() => endpoint.close());

  it.each(routes)('a route that was forgotten is 401: %s %s', async (method, target) => {
    reached = 0;
    for (const Authorization of [undefined, basic('orders', 'wrong'), 'Bearer opaque']) {
      const answer = await ask(endpoint.port, { method, target, headers: { Authorization } });
      expect([answer.status, reached]).toEqual([401, 0]);
      expect(header(answer, 'www-authenticate')).toMatch(/^B/);
      if (method !== 'HEAD') expect(JSON.parse(answer.body)).toHaveProperty('error');
    }
    expect((await ask(endpoint.port, { method, target })).status).toBeLessThan(300);
    expect(reached).toBe(1);
  });

  it('open is what is in the list, and nothing beside it', async () => {
    const headers = { Authorization: undefined };
    const metadata = '/.well-known/oauth-authorization-server';
    expect((await ask(endpoint.port, { method: 'GET', target: metadata, headers })).status).toBe(200);
    // Open for its own authenticator, which knows nobody here.
    expect((await ask(endpoint.port, { method: 'GET', target: '/authorize', headers })).status).toBe(403);
    expect((await ask(endpoint.port, { headers, body: 'token=a' })).status).toBe(401);
  });
});

describe('the management listener is closed by default', () => {
  const token = 'operator-token-Pf4Gs8Rd1JkQm6BzXv0C';
  let app: HttpApplication;
  let port: number;

  class NoKeys extends KeyPresence {
    override hasKeys = (): boolean => false;
  }

  /** No route of this test leads there. */
  function unused<T extends object>({ prototype }: { readonly prototype: T }): T {
    return Object.create(prototype) as T;
  }

  beforeAll(async () => {
    const clock = new FakeClock();
    const tokens = new AdminTokens();
    const issued = new IssuedAdmins(unused(TokenVerifier), clock, new RecordingAudit());
    tokens.replace([{ admin: { id: 'acting', role: 'operator' }, secret: new SecretDigests([{ value: token }]) }]);
    const parts = {
      authenticator: new AdminAuthenticator(
        tokens,
        issued,
        new FailedAttempts(clock),
        composeWeakSecrets('admin', clock),
        new RecordingAudit(),
        new ConsoleSessions(tokens, issued, clock),
        new AdminUses(),
      ),
      administration: unused(IssuerAdministration),
      revocations: unused(RevocationAdministration),
      overview: unused(IssuerOverview),
      fleetOverview: unused(FleetOverview),
      regionsOverview: unused(RegionsOverview),
      regionActions: unused(RegionActions),
      fleet: unused(Fleet),
      signals: unused(SignalOverview),
      streams: unused(Streams),
      explainer: unused(Explainer),
      hygiene: unused(HygieneReport),
      callersOverview: unused(CallersOverview),
      eventsOverview: unused(EventsOverview),
      configuration: new ActiveConfiguration({}, { source: '', digest: '', sinceMs: 0 }),
      health: {
        lifecycle: new Lifecycle(clock),
        issuers: new ConfiguredIssuers(),
        keys: new NoKeys(),
        denials: { isReady: true },
      },
      reader: Telemetry.local(clock).reader,
      host: {
        clock,
        audit: new RecordingAudit(),
        logger: new PinoLogger({ level: 'error', destination: { write: () => undefined } }),
      },
    };
    app = await createManagementApplication(parts, [ForgottenModule]);
    await app.nest.init();
    port = await app.adapter.open({ host: '127.0.0.1', port: 0 });
  });

  afterAll(() => app.nest.close());

  it.each(routes)('a route that was forgotten is 401: %s %s', async (method, target) => {
    reached = 0;
    for (const Authorization of [undefined, basic(), 'Bearer opaque']) {
      const answer = await ask(port, { method, target, headers: { Authorization, 'Content-Type': undefined } });
      expect([answer.status, reached]).toEqual([401, 0]);
      expect(header(answer, 'www-authenticate')).toMatch(/^Bearer realm="assay-admin"/);
      expect(header(answer, 'content-type')).toBe('application/problem+json');
    }
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': undefined };
    expect((await ask(port, { method, target, headers })).status).toBeLessThan(300);
    expect(reached).toBe(1);
  });

  it('the guard decides before a body is read, or waited for', async () => {
    const headers = { Authorization: undefined, 'Content-Type': 'application/json', 'Content-Length': '1000' };
    const bytes = request({ target: '/admin/v1/explain', headers });
    const [answer] = await talk(port, bytes);
    expect(answer?.status).toBe(401);
    const expecting = request({ target: '/admin/v1/explain', headers: { ...headers, Expect: '100-continue' } });
    expect((await talk(port, expecting, { end: false })).map(({ status }) => status)).toEqual([401]);
  });

  it.each([
    ['GET', '/admin'],
    ['GET', '/admin/v1/nothing'],
    ['POST', '/admin/v1/hygiene'],
    ['PUT', '/admin/v1/issuers'],
    ['POST', '/admin/v1/issuers/corp'],
  ])('nor does the admin API say what it has not: %s %s is 401', async (method, target) => {
    const headers = { Authorization: undefined, 'Content-Type': undefined };
    expect((await ask(port, { method, target, headers })).status).toBe(401);
    const known = { ...headers, Authorization: `Bearer ${token}` };
    expect([404, 405]).toContain((await ask(port, { method, target, headers: known })).status);
  });

  it('open is what is in the list', async () => {
    for (const target of ['/livez', '/readyz', '/startupz', '/metrics']) {
      const headers = { Authorization: undefined, 'Content-Type': undefined };
      expect([200, 503]).toContain((await ask(port, { method: 'GET', target, headers })).status);
    }
  });
});
