import type { AdvertisingServer, Advertisement } from '../methods/caller-method.js';
import { eachMethod, registrationsOf } from '../methods/caller-methods.js';
import type { PreparedCaller } from './prepared-caller.js';

/** What the metadata (RFC 8414) publishes of the methods: what at least one caller can use, and nothing else; each once. */
export function advertisedMethods(callers: readonly PreparedCaller[], server: AdvertisingServer): Advertisement {
  const all = eachMethod.flatMap(([name, method]) =>
    registrationsOf(name, callers).map(({ registered }) => method.advertise(registered, server)),
  );
  return {
    methods: [...new Set(all.flatMap(({ methods }) => methods))],
    assertionAlgorithms: [...new Set(all.flatMap(({ assertionAlgorithms }) => assertionAlgorithms))],
  };
}
