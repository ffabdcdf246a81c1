import type { ServiceDefinition } from '@grpc/grpc-js';

const unreadable = new WeakSet<object>();

/**
 * The same service, which takes bytes that are no message of its kind for an empty one that {@link isReadable} tells apart. The
 * library would answer INTERNAL, and before anybody knows who asks.
 */
export function readingAll(service: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(service).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer): object => {
        try {
          return method.requestDeserialize(bytes) as object;
        } catch {
          const empty = method.requestDeserialize(Buffer.alloc(0)) as object;
          unreadable.add(empty);
          return empty;
        }
      };
      return [name, { ...method, requestDeserialize }];
    }),
  );
}

/** Whether the client has sent a message of this kind. To be asked when it is known who the client is. */
export function isReadable(request: object): boolean {
  return !unreadable.has(request);
}
