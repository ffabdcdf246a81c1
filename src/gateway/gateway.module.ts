import { Module, type DynamicModule } from '@nestjs/common';
import { ProxyAuthenticator } from '../callers/proxy-authenticator.js';
import { TrustedProxies } from '../introspection/http/trusted-proxies.js';
import { Logger } from '../telemetry/logger.js';
import { AuthorizeController } from './authorize.controller.js';
import { Authorizer } from './authorizer.js';

/** What the doors for proxies need. Built once and handed in. */
export interface GatewayParts {
  readonly authorizer: Authorizer;
  readonly proxies: ProxyAuthenticator;
  readonly trusted: TrustedProxies;
  readonly logger: Logger;
}

/** The HTTP door for proxies. */
@Module({})
export class GatewayModule {
  static withParts({ authorizer, proxies, trusted, logger }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [AuthorizeController],
      providers: [
        { provide: Authorizer, useValue: authorizer },
        { provide: ProxyAuthenticator, useValue: proxies },
        { provide: TrustedProxies, useValue: trusted },
        { provide: Logger, useValue: logger },
      ],
    };
  }
}
