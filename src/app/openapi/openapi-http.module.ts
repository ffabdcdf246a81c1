import { Module, type DynamicModule } from '@nestjs/common';
import { sentDocument } from './api-documents.js';
import type { DocumentedListener } from './document.openapi.js';
import { API_DOCUMENT, OpenApiController } from './openapi.controller.js';

/** Serves the OpenAPI document of a listener. */
@Module({})
export class OpenApiHttpModule {
  static of(listener: DocumentedListener): DynamicModule {
    return {
      module: OpenApiHttpModule,
      controllers: [OpenApiController],
      providers: [{ provide: API_DOCUMENT, useValue: sentDocument(listener) }],
    };
  }
}
