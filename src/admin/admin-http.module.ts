/** The controllers of the admin API and the console, over parts that the context of the core has made. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { HygieneReport } from '../hygiene/hygiene-report.js';
import { Clock } from '../shared/clock.js';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { SignalOverview } from '../signals/signal-overview.js';
import { Streams } from '../signals/streams/streams.js';
import { Audit } from '../telemetry/audit.js';
import type { Host } from '../telemetry/host.js';
import { Logger } from '../telemetry/logger.js';
import { AdminAuthenticator } from './admin-authenticator.js';
import { CallersController } from './callers.controller.js';
import { CallersOverview } from './callers-overview.js';
import { ConfigurationController } from './configuration.controller.js';
import { DenialsController } from './denials.controller.js';
import { SessionController } from './console/session.controller.js';
import { FleetEventsController } from './events/fleet-events.controller.js';
import { EventsOverview } from './events/events-overview.js';
import { ExplainController } from './explain/explain.controller.js';
import { Explainer } from './explain/explainer.js';
import { Fleet } from './fleet.js';
import { FleetController } from './fleet.controller.js';
import { FleetOverview } from './fleet-overview.js';
import { HygieneController } from './hygiene.controller.js';
import { OverviewController } from './overview.controller.js';
import { EverywhereController } from './regions/everywhere.controller.js';
import { RegionActions } from './regions/region-actions.js';
import { RegionsController } from './regions/regions.controller.js';
import { RegionsOverview } from './regions/regions-overview.js';
import { IssuerAdministration } from './issuer-administration.js';
import { IssuerOverview } from './issuer-overview.js';
import { IssuersController } from './issuers.controller.js';
import { RevocationAdministration } from './revocation-administration.js';
import { RevocationsController } from './revocations.controller.js';
import { SignalsController } from './signals.controller.js';
import { SignalPauseController } from './signal-pause.controller.js';
import { ProblemFilter } from './problem.filter.js';

/** What the admin API works with, built outside and handed in (docs/adr/0001-two-nest-applications.md). */
export interface AdminParts {
  readonly authenticator: AdminAuthenticator;
  readonly administration: IssuerAdministration;
  readonly revocations: RevocationAdministration;
  readonly overview: IssuerOverview;
  readonly fleetOverview: FleetOverview;
  readonly regionsOverview: RegionsOverview;
  readonly regionActions: RegionActions;
  readonly fleet: Fleet;
  readonly signals: SignalOverview;
  readonly streams: Streams;
  readonly explainer: Explainer;
  readonly hygiene: HygieneReport;
  readonly callersOverview: CallersOverview;
  readonly eventsOverview: EventsOverview;
  readonly configuration: ActiveConfiguration;
  readonly host: Pick<Host, 'clock' | 'logger' | 'audit'>;
}

/** One for each part of the API, and those of the console. */
const controllers = [
  IssuersController,
  ConfigurationController,
  DenialsController,
  RevocationsController,
  FleetController,
  RegionsController,
  EverywhereController,
  SignalsController,
  SignalPauseController,
  ExplainController,
  OverviewController,
  HygieneController,
  CallersController,
  FleetEventsController,
  SessionController,
];

/** `/admin/v1` for the management listener, whose application has the guard. */
@Module({})
export class AdminHttpModule {
  static withParts(parts: AdminParts): DynamicModule {
    const {
      authenticator,
      administration,
      revocations,
      overview,
      fleetOverview,
      regionsOverview,
      regionActions,
      fleet,
      signals,
      streams,
      explainer,
      hygiene,
      callersOverview,
      eventsOverview,
      configuration,
      host,
    } = parts;
    return {
      module: AdminHttpModule,
      controllers,
      providers: [
        { provide: AdminAuthenticator, useValue: authenticator },
        { provide: IssuerAdministration, useValue: administration },
        { provide: RevocationAdministration, useValue: revocations },
        { provide: IssuerOverview, useValue: overview },
        { provide: FleetOverview, useValue: fleetOverview },
        { provide: RegionsOverview, useValue: regionsOverview },
        { provide: RegionActions, useValue: regionActions },
        { provide: Fleet, useValue: fleet },
        { provide: SignalOverview, useValue: signals },
        { provide: Streams, useValue: streams },
        { provide: Explainer, useValue: explainer },
        { provide: HygieneReport, useValue: hygiene },
        { provide: CallersOverview, useValue: callersOverview },
        { provide: EventsOverview, useValue: eventsOverview },
        { provide: ActiveConfiguration, useValue: configuration },
        { provide: Logger, useValue: host.logger },
        { provide: Audit, useValue: host.audit },
        { provide: Clock, useValue: host.clock },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
