import type { ModuleRef } from '@nestjs/core';
import { AdminAuthenticator } from '../admin/admin-authenticator.js';
import { Explainer } from '../admin/explain/explainer.js';
import { IssuerAdministration } from '../admin/issuer-administration.js';
import { IssuerOverview } from '../admin/issuer-overview.js';
import { Lifecycle } from '../health/lifecycle.js';
import { IssuerRegistry } from '../issuers/issuer-registry.js';
import { KeyManager } from '../keys/key-manager.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { Telemetry } from '../telemetry/telemetry.js';
import { createManagementApplication, type HttpApplication } from './app.module.js';
export async function managementApplication(core: ModuleRef): Promise<HttpApplication> {
  const get = <T>(t: abstract new (...a: never[]) => T): T => core.get<T>(t, { strict: false });
  const { logger } = core.get<Host>(HOST, { strict: false });
  const sources = { lifecycle: get(Lifecycle), issuers: get(IssuerRegistry), keys: get(KeyManager) };
  const admin = {
    door: get(AdminAuthenticator),
    administration: get(IssuerAdministration),
    overview: get(IssuerOverview),
    explainer: get(Explainer),
  };
  return createManagementApplication(
    sources,
    { admin, telemetry: core.get<Telemetry>(Telemetry, { strict: false }) },
    logger,
  );
}
