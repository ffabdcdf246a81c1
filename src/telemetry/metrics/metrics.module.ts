import { Module, type DynamicModule } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { ScrapeReader } from './scrape-reader.js';

/** `/metrics` for the management listener. */
@Module({})
export class MetricsModule {
  static over(reader: ScrapeReader): DynamicModule {
    return {
      module: MetricsModule,
      controllers: [MetricsController],
      providers: [{ provide: ScrapeReader, useValue: reader }],
    };
  }
}
