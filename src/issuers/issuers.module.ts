import { Module } from '@nestjs/common';
import { ActiveConfiguration } from '../shared/configuration/active-configuration.js';
import { issuersSection } from './issuers.section.js';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { ConfiguredIssuers } from './configured-issuers.js';
import { registrationOf } from './subject-scope.js';
import { IssuerRegistry } from './issuer-registry.js';

/** The issuer registry: whose tokens are accepted, and on which terms. It follows the configuration. */
@Module({
  providers: [
    {
      provide: IssuerRegistry,
      inject: [HOST, ActiveConfiguration],
      useFactory: ({ metrics }: Host, configuration: ActiveConfiguration): IssuerRegistry => {
        const issuers = new ConfiguredIssuers();
        configuration.follow(issuersSection, (prepared) => {
          issuers.replace(prepared);
        });
        metrics.watch(['assay_issuers'], (observe) => {
          observe('assay_issuers', new Set(issuers.all().map(registrationOf)).size, {});
        });
        return issuers;
      },
    },
  ],
  exports: [IssuerRegistry],
})
export class IssuersModule {}
