import { Module } from '@nestjs/common';
import type { Host } from '../telemetry/host.js';
import { HOST } from '../telemetry/telemetry.module.js';
import { ClaimValidator } from './claim-validator.js';

/** Claim validation: holds the claims of a token to the policy of its issuer, at the present time. */
@Module({
  providers: [
    {
      provide: ClaimValidator,
      inject: [HOST],
      useFactory: ({ clock }: Host): ClaimValidator => new ClaimValidator(clock),
    },
  ],
  exports: [ClaimValidator],
})
export class ClaimsModule {}
