import { Module, type DynamicModule } from '@nestjs/common';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { AuthorizeController } from './authorize.controller.js';
import { Authorizer } from './authorizer.js';
import { ResourceDocuments } from './resource-documents.js';
import { ResourceMetadataController } from './resource-metadata.controller.js';

/** What the endpoints for proxies and their clients need. Built once and handed in. */
export interface GatewayParts {
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  readonly documents: ResourceDocuments;
  readonly trusted: TrustedProxies;
  readonly decisions: VerdictRecorder;
}

/** `/authorize` for proxies that ask over HTTP, and the metadata of what is behind them. */
@Module({})
export class GatewayHttpModule {
  static withParts({ authorizer, proxies, documents, trusted, decisions }: GatewayParts): DynamicModule {
    return {
      module: GatewayHttpModule,
      controllers: [AuthorizeController, ResourceMetadataController],
      providers: [
        { provide: Authorizer, useValue: authorizer },
        { provide: ProxyAuthenticator, useValue: proxies },
        { provide: ResourceDocuments, useValue: documents },
        { provide: TrustedProxies, useValue: trusted },
        { provide: VerdictRecorder, useValue: decisions },
      ],
    };
  }
}
