import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from '../telemetry/logger.js';
import { NestLogger } from '../telemetry/nest-logger.js';
import { HttpAdapter } from '../transport/http/http-adapter.js';
import type { Server } from 'node:http';

/** A module of Nest, or what makes one. */
export type NestModule = Parameters<typeof NestFactory.create>[0];

/** An application with a listener of its own. */
export interface HttpApplication {
  readonly nest: INestApplication<Server>;
  readonly adapter: HttpAdapter;
}

/** Makes the application; it has no routes before `init`, and does not listen yet. */
export async function createHttpApplication(
  module: NestModule,
  adapter: HttpAdapter,
  logger: Logger,
): Promise<HttpApplication> {
  const nest = await NestFactory.create<INestApplication<Server>>(module, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    // The process decides what a failed start means, and says it in one line.
    abortOnError: false,
  });
  return { nest, adapter };
}
