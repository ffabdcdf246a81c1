import { Controller, Get, Header } from '@nestjs/common';
import { SCRAPE_TYPE, ScrapeReader } from './scrape-reader.js';

/** `/metrics` for Prometheus. Names and numbers, no secrets: the listener is the management's, and needs no credentials. */
@Controller()
export class MetricsController {
  constructor(private readonly reader: ScrapeReader) {}

  @Get('metrics')
  @Header('content-type', SCRAPE_TYPE)
  @Header('cache-control', 'no-store')
  read(): Promise<string> {
    return this.reader.scrape();
  }
}
