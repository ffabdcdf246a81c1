import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import type { Logger } from '../telemetry/logger.js';
import { VerdictRecorder } from './verdicts/verdict-recorder.js';
import { IntrospectionController } from './introspection.controller.js';
import { MetadataController } from './metadata.controller.js';
import { OAuthErrorFilter } from '../transport/http/oauth-error.filter.js';
import { Introspector } from './introspector.js';
import { ServerMetadata } from './server-metadata.js';

/** The core, built once and handed in (docs/adr/0001-two-nest-applications.md). */
export interface IntrospectionParts {
  readonly introspector: Introspector;
  readonly authenticator: CallerAuthenticator;
  readonly metadata: ServerMetadata;
  readonly decisions: VerdictRecorder;
  readonly logger: Logger;
}

/** The HTTP door: who asks, what the answer is, and how it looks on the wire. */
@Module({})
export class IntrospectionHttpModule {
  static withParts({ introspector, authenticator, metadata, decisions, logger }: IntrospectionParts): DynamicModule {
    return {
      module: IntrospectionHttpModule,
      controllers: [IntrospectionController, MetadataController],
      providers: [
        { provide: Introspector, useValue: introspector },
        { provide: CallerAuthenticator, useValue: authenticator },
        { provide: ServerMetadata, useValue: metadata },
        { provide: VerdictRecorder, useValue: decisions },
        { provide: OAuthErrorFilter, useValue: new OAuthErrorFilter(logger) },
        { provide: APP_FILTER, useExisting: OAuthErrorFilter },
      ],
    };
  }
}
