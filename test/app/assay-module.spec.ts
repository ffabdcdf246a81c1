import { afterEach, describe, expect, it } from 'vitest';
import { AdminAuthenticator } from '../../src/admin/admin-authenticator.js';
import { Explainer } from '../../src/admin/explain/explainer.js';
import { IssuerAdministration } from '../../src/admin/issuer-administration.js';
import { IssuerOverview } from '../../src/admin/issuer-overview.js';
import { CallerAuthenticator } from '../../src/callers/caller-authenticator.js';
import { ProxyAuthenticator } from '../../src/callers/proxy-authenticator.js';
import { Authorizer } from '../../src/gateway/authorizer.js';
import { Lifecycle } from '../../src/health/lifecycle.js';
import { ServerMetadata } from '../../src/introspection/server-metadata.js';
import { VerdictRecorder } from '../../src/introspection/verdicts/verdict-recorder.js';
import { Drain } from '../../src/transport/http/drain.js';
import { Overload } from '../../src/transport/overload.js';
import { RequestObserver } from '../../src/transport/request-observer.js';
import { TrustedProxies } from '../../src/transport/trusted-proxies.js';
import { CallerDirectory } from '../../src/callers/registration/caller-directory.js';
import { Listeners } from '../../src/app/listeners.js';
import { Introspector } from '../../src/introspection/introspector.js';
import { IssuerRegistry } from '../../src/issuers/issuer-registry.js';
import { KeyManager } from '../../src/keys/key-manager.js';
import { KeyManagers } from '../../src/keys/key-managers.js';
import { DenyList } from '../../src/revocation/deny-list.js';
import { aJwks, aKey } from '../builders/a-key.js';
import { aToken } from '../builders/a-token.js';
import { KnownKeys } from '../fakes/known-keys.js';
import { composed, type TestContext } from './context.js';

const key = aKey('ES256');
const issuer = 'https://login.corp.example';
const audience = 'https://api.corp.example';

const file = {
  server: { grpc: { enabled: false } },
  issuers: [{ id: 'corp', issuer, algorithms: ['ES256'], audiences: [audience], keys: { jwks: aJwks(key) } }],
  callers: [
    {
      id: 'orders',
      secrets: ['orders-secret-Wq7Zt3Lm9XcVb5Nh'],
      issuers: ['corp'],
      audiences: [audience],
      claims: ['sub'],
    },
  ],
};

/** What the HTTP applications are given of the core. */
const handedOn = [
  AdminAuthenticator,
  Authorizer,
  CallerAuthenticator,
  Drain,
  Explainer,
  Introspector,
  IssuerAdministration,
  IssuerOverview,
  IssuerRegistry,
  KeyManager,
  Lifecycle,
  Overload,
  ProxyAuthenticator,
  RequestObserver,
  ServerMetadata,
  TrustedProxies,
  VerdictRecorder,
];

const hooks = [
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];

/** Opens no sockets. */
const noListeners = {};

let context: TestContext | undefined;

afterEach(async () => {
  await context?.module.close();
  context = undefined;
});

async function introspect({ module, clock }: TestContext, token = aToken()) {
  const signed = token
    .from(issuer)
    .for(audience)
    .with({ sub: 'alice' })
    .at(clock.wallMs() / 1000)
    .signedBy(key)
    .build();
  const caller = module.get(CallerDirectory, { strict: false }).byId('orders')?.caller;
  if (!caller) throw new Error('the caller is not registered');
  return module.get(Introspector, { strict: false }).introspect(signed, caller);
}

describe('the composed service', () => {
  it('judges tokens without any listener', async () => {
    context = await composed(file, (builder) => builder.overrideProvider(Listeners).useValue(noListeners));
    await expect(introspect(context)).resolves.toMatchObject({ active: true, issuer: { id: 'corp' } });
  });

  it('takes another provider in the place of one, everywhere', async () => {
    const keys = Object.assign(new KnownKeys(), { freshnessOf: () => undefined });
    keys.lose('corp');
    context = await composed(file, (builder) =>
      builder.overrideProvider(Listeners).useValue(noListeners).overrideProvider(KeyManager).useValue(keys),
    );
    await expect(introspect(context)).rejects.toMatchObject({ name: 'KeysUnavailable', issuerId: 'corp' });
  });

  it('starts keys and denials only when it is started, and stops them when it is stopped', async () => {
    const order: string[] = [];
    context = await composed(file, (builder) => builder.overrideProvider(Listeners).useValue(listenersThat(order)));
    const managers = context.module.get(KeyManagers, { strict: false });
    const denials = context.module.get(DenyList, { strict: false });
    record(order, managers, 'start', 'keys start');
    record(order, managers, 'stop', 'keys stop');
    record(order, denials, 'start', 'denials start');
    record(order, denials, 'stop', 'denials stop');
    expect(order).toEqual([]);

    await context.module.init();
    expect(order).toEqual(['management opens', 'keys start', 'denials start', 'callers may come']);

    order.length = 0;
    await context.module.close();
    expect(order).toEqual(['callers are finished', 'denials stop', 'keys stop', 'management closes']);
  });

  it('hands nothing on that has hooks: Nest would call them in each application that it is handed to', async () => {
    context = await composed(file, (builder) => builder.overrideProvider(Listeners).useValue(noListeners));
    for (const token of handedOn) {
      const value = context.module.get<object>(token, { strict: false });
      expect(hooks.filter((hook) => hook in value)).toEqual([]);
    }
  });

  it('has one registry for all who ask for it', async () => {
    context = await composed(file, (builder) => builder.overrideProvider(Listeners).useValue(noListeners));
    const managers = context.module.get(KeyManagers, { strict: false });
    expect(managers.all()[0]?.issuers).toBe(context.module.get(IssuerRegistry, { strict: false }));
    expect(managers.all()).toHaveLength(2);
  });
});

/** Stands for the listeners, and writes down when they would open and close. */
function listenersThat(order: string[]): object {
  const step = (name: string) => () => void order.push(name);
  return {
    onModuleInit: step('management opens'),
    onApplicationBootstrap: step('callers may come'),
    onModuleDestroy: step('callers are finished'),
    beforeApplicationShutdown: step('management closes'),
  };
}

/** Writes down when a method is called, and calls it. */
function record<Name extends string>(order: string[], target: Record<Name, unknown>, name: Name, step: string): void {
  const method = (target[name] as (...args: unknown[]) => unknown).bind(target);
  Object.assign(target, {
    [name]: (...args: unknown[]) => {
      order.push(step);
      return method(...args);
    },
  });
}
