import type { Abstract, Provider, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

/** What a provider may be asked for by. */
export type Token = string | symbol | Type | Abstract<unknown>;

/**
 * Providers of another Nest application that hand on what the context of the core has made (docs/adr/0001-two-nest-applications.md).
 * Nest calls the lifecycle hooks of a value in each application that it is handed to: what is handed on has none, its module has.
 */
export function byValue(core: ModuleRef, tokens: readonly Token[]): Provider[] {
  return tokens.map((token) => ({ provide: token, useValue: core.get<unknown>(token, { strict: false }) }));
}
