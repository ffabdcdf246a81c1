import { Module } from '@nestjs/common';
import type { ChangeLog } from '../../changes/change-log.js';
import { CHANGE_LOG, ChangesModule } from '../../changes/changes.module.js';
import type { Host } from '../../telemetry/host.js';
import { HOST } from '../../telemetry/telemetry.module.js';
import { DecisionEvents, OwnDecisionEvents, SharedDecisionEvents } from './decision-events.js';

/** What was decided lately, in one order, for those who pass it on. */
@Module({
  imports: [ChangesModule],
  providers: [
    {
      provide: DecisionEvents,
      inject: [HOST, CHANGE_LOG],
      useFactory: ({ clock }: Host, log: ChangeLog | undefined): DecisionEvents =>
        log ? new SharedDecisionEvents(log) : new OwnDecisionEvents(clock),
    },
  ],
  exports: [DecisionEvents],
})
export class EventsModule {}
