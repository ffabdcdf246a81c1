// Every endpoint of the two HTTP listeners. Each feature describes its own, in the file beside its controller; a test compares the lists with the
// routes that the program really serves (test/endpoints/documented-routes.spec.ts).
import { denialOperations } from '../../admin/denials.openapi.js';
import { fleetEventOperations } from '../../admin/events/events.openapi.js';
import { explainOperations } from '../../admin/explain/explain.openapi.js';
import { callerOperations } from '../../admin/callers.openapi.js';
import { hygieneOperations } from '../../admin/hygiene.openapi.js';
import { issuerOperations } from '../../admin/issuers.openapi.js';
import { overviewOperations } from '../../admin/overview.openapi.js';
import { everywhereOperations } from '../../admin/regions/everywhere.openapi.js';
import { regionOperations } from '../../admin/regions/regions.openapi.js';
import { revocationOperations } from '../../admin/revocations.openapi.js';
import { signalAdminOperations } from '../../admin/signals.openapi.js';
import { gatewayOperations } from '../../gateway/gateway.openapi.js';
import { healthOperations } from '../../health/health.openapi.js';
import { eventOperations } from '../../introspection/events/events.openapi.js';
import { introspectionOperations } from '../../introspection/introspection.openapi.js';
import { metadataOperations } from '../../introspection/metadata.openapi.js';
import type { Operations, Route } from '../../shared/openapi/operation.js';
import { signalOperations } from '../../signals/signals.openapi.js';
import { metricsOperations } from '../../telemetry/metrics/metrics.openapi.js';
import { documentOperation, type DocumentedListener } from './document.openapi.js';

/** What `server.http` serves. */
const publicOperations: Operations = {
  ...introspectionOperations,
  ...eventOperations,
  ...gatewayOperations,
  ...signalOperations,
  ...metadataOperations,
  'GET /openapi.json': documentOperation('public'),
};

/** What `server.management` serves. */
const managementOperations: Operations = {
  ...overviewOperations,
  ...regionOperations,
  ...everywhereOperations,
  ...callerOperations,
  ...fleetEventOperations,
  ...hygieneOperations,
  ...issuerOperations,
  ...denialOperations,
  ...revocationOperations,
  ...signalAdminOperations,
  ...explainOperations,
  ...healthOperations,
  ...metricsOperations,
  'GET /openapi.json': documentOperation('management'),
};

/** The endpoints of each listener. */
export const operationsOf: Readonly<Record<DocumentedListener, Operations>> = {
  public: publicOperations,
  management: managementOperations,
};

/** Routes that are served and not described, each with the reason. */
export const undocumented: Readonly<Record<Route, string>> = {
  'GET /console': 'leads a browser to the page',
  'GET /console/': 'a page for people',
  'GET /console/docs': 'leads a browser to the documents',
  'GET /console/docs/': 'a page for people',
  'GET /console/docs/:page': 'a page for people',
  'GET /console/docs/:folder/:page': 'a page for people',
  'GET /console/assets/:file': 'what the page loads; names change with each version',
  'GET /console/session': 'between the page and the replica that has served it; programs send a token',
  'POST /console/session': 'as above',
  'DELETE /console/session': 'as above',
};
