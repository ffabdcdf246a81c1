/** Introspection over HTTP: its controllers and how its errors are answered. */
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CallerAuthenticator } from '../callers/caller-authenticator.js';
import { Logger } from '../telemetry/logger.js';
import { OAuthErrorFilter } from '../transport/http/oauth-error.filter.js';
import { EventReader } from './events/event-reader.js';
import { EventsController } from './events/events.controller.js';
import { IntrospectionController } from './introspection.controller.js';
import { Introspector } from './introspector.js';
import { MetadataController } from './metadata.controller.js';
import { ProofIntrospector } from './proof-introspector.js';
import { RevokeController } from './revoke/revoke.controller.js';
import { TokenRevoker } from './revoke/token-revoker.js';
import { AnswerSigner } from './signed/answer-signer.js';
import { JwksController } from './signed/jwks.controller.js';
import { ServerMetadata } from './server-metadata.js';
import { VerdictRecorder } from './verdicts/verdict-recorder.js';

/** The core, built once and handed in (docs/adr/0001-two-nest-applications.md). */
export interface IntrospectionParts {
  readonly introspector: Introspector;
  readonly withProofs: ProofIntrospector;
  readonly revoker: TokenRevoker;
  readonly events: EventReader;
  readonly authenticator: CallerAuthenticator;
  readonly metadata: ServerMetadata;
  readonly signer: AnswerSigner;
  readonly decisions: VerdictRecorder;
  readonly logger: Logger;
}

/** Introspection over HTTP: its routes, and how its errors are answered. */
@Module({})
export class IntrospectionHttpModule {
  static withParts(parts: IntrospectionParts): DynamicModule {
    const { introspector, withProofs, revoker, events, authenticator, metadata, signer, decisions, logger } = parts;
    return {
      module: IntrospectionHttpModule,
      controllers: [IntrospectionController, RevokeController, EventsController, MetadataController, JwksController],
      providers: [
        { provide: Introspector, useValue: introspector },
        { provide: ProofIntrospector, useValue: withProofs },
        { provide: TokenRevoker, useValue: revoker },
        { provide: EventReader, useValue: events },
        { provide: Logger, useValue: logger },
        { provide: CallerAuthenticator, useValue: authenticator },
        { provide: ServerMetadata, useValue: metadata },
        { provide: AnswerSigner, useValue: signer },
        { provide: VerdictRecorder, useValue: decisions },
        { provide: OAuthErrorFilter, useValue: new OAuthErrorFilter(logger) },
        { provide: APP_FILTER, useExisting: OAuthErrorFilter },
      ],
    };
  }
}
