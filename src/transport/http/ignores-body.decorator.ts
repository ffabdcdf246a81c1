import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

const key = 'assay:ignores-body';

const reflector = new Reflector();

/** For a route that answers from the head of a request alone: whatever body comes is read over (RFC 9112 §9.3). */
export function IgnoresBody(): MethodDecorator {
  return SetMetadata(key, true);
}

/** @param handler what Nest registers for a route; it has copied there what decorators say about the method */
export function ignoresBody(handler: (...args: never[]) => unknown): boolean {
  return reflector.get<boolean | undefined>(key, handler) === true;
}
