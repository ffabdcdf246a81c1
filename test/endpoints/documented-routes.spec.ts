import { ModuleRef } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpApplication } from '../../src/app/http-application.js';
import { Listeners } from '../../src/app/listeners.js';
import { managementApplication } from '../../src/app/management.app.js';
import { operationsOf, undocumented } from '../../src/app/openapi/endpoints.js';
import { publicApplication } from '../../src/app/public.app.js';
import { composed, type TestContext } from '../app/context.js';

/** What to do about a route that is on one side alone. */
function remedies(served: readonly string[], described: readonly string[]): readonly string[] {
  const unknown = served
    .filter((route) => !described.includes(route))
    .map(
      (route) =>
        `${route} is served, and /openapi.json does not say so: describe it in the .openapi.ts file beside its controller, and list that file's operations in src/app/openapi/endpoints.ts`,
    );
  const gone = described
    .filter((route) => !served.includes(route))
    .map((route) => `${route} is described, and nobody serves it: take it out of its .openapi.ts file`);
  return [...unknown, ...gone];
}

describe('what is served is what is described', () => {
  let context: TestContext;
  let applications: Readonly<Record<'public' | 'management', HttpApplication>>;

  beforeAll(async () => {
    context = await composed({ server: { grpc: { enabled: false } }, issuers: [], callers: [] }, (builder) =>
      builder.overrideProvider(Listeners).useValue({}),
    );
    const core = context.module.get(ModuleRef);
    applications = { public: await publicApplication(core), management: await managementApplication(core) };
    for (const { nest } of Object.values(applications)) await nest.init();
  });

  afterAll(async () => {
    for (const { nest } of Object.values(applications)) await nest.close();
    await context.module.close();
  });

  const described = {
    public: Object.keys(operationsOf.public),
    management: [...Object.keys(operationsOf.management), ...Object.keys(undocumented)],
  };

  it.each(['public', 'management'] as const)('every route of the %s listener, and no other one', (listener) => {
    const served = applications[listener].adapter.declaredRoutes;
    expect(served.length).toBeGreaterThan(10);
    expect(remedies(served, described[listener])).toEqual([]);
  });

  it('tells whoever adds or removes a route what to do', () => {
    expect(remedies(['GET /new'], ['GET /old'])).toEqual([
      expect.stringMatching(/^GET \/new is served.*describe it in the \.openapi\.ts file/),
      expect.stringMatching(/^GET \/old is described, and nobody serves it/),
    ]);
  });

  it('leaves out of the document only what is listed, with a reason', () => {
    for (const [route, reason] of Object.entries(undocumented)) {
      expect(reason, route).not.toBe('');
      expect(operationsOf.management).not.toHaveProperty([route]);
    }
  });
});
