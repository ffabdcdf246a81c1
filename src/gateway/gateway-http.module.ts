import { Module, type DynamicModule } from '@nestjs/common';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { VerdictRecorder } from '../introspection/verdicts/verdict-recorder.js';
import { TrustedProxies } from '../transport/trusted-proxies.js';
import { AuthorizeController } from './authorize.controller.js';
import { Authorizer } from './authorizer.js';

/** What the endpoint for proxies needs. Built once and handed in. */
export interface GatewayParts {
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  readonly trusted: TrustedProxies;
  readonly decisions: VerdictRecorder;
}

/** `/authorize` for proxies that ask over HTTP. */
@Module({})
export class GatewayHttpModule {
  static withParts({ authorizer, proxies, trusted, decisions }: GatewayParts): DynamicModule {
    return {
      module: GatewayHttpModule,
      controllers: [AuthorizeController],
      providers: [
        { provide: Authorizer, useValue: authorizer },
        { provide: ProxyAuthenticator, useValue: proxies },
        { provide: TrustedProxies, useValue: trusted },
        { provide: VerdictRecorder, useValue: decisions },
      ],
    };
  }
}
