import type { Caller } from '../caller.js';
import { privateKeyJwt } from './assertion/private-key-jwt.js';
import { bearerToken } from './bearer/bearer-token.js';
import type { Advertisement, AdvertisingServer, CallerMethod, Registration } from './caller-method.js';
import { mutualTls } from './certificate/mutual-tls.js';
import { clientSecret } from './secret/client-secret.js';

/** Every way in which a caller can authenticate. All that depends on which there are is derived from this list. */
export const callerMethods = {
  secret: clientSecret,
  assertion: privateKeyJwt,
  certificate: mutualTls,
  bearer: bearerToken,
} as const satisfies Readonly<Record<string, CallerMethod>>;

type Methods = typeof callerMethods;

/** The short name of a method. */
export type MethodName = keyof Methods;

/** What the section of a caller says of its methods, each under the key of the method. */
export type MethodSections = {
  readonly [Name in MethodName as Methods[Name]['key']]?: Parameters<Methods[Name]['prepare']>[0];
};

/** What a caller registered for each method, made ready; `undefined` for those that it did not register. */
export type Registrations = {
  readonly [Name in MethodName]: Exclude<ReturnType<Methods[Name]['prepare']>, undefined> | undefined;
};

/** The authenticator of each method. */
export type MethodAuthenticators = { readonly [Name in MethodName]: ReturnType<Methods[Name]['authenticator']> };

/** A caller with what it registered. */
export interface RegisteredCaller {
  readonly caller: Caller;
  readonly methods: Registrations;
}

/** The methods with their names, where each is to be asked in turn. */
export const eachMethod: readonly (readonly [MethodName, CallerMethod])[] = Object.entries(callerMethods) as readonly [
  MethodName,
  CallerMethod,
][];

/** A value for each method, as `of` says. */
export function forEachMethod<Value>(of: (method: CallerMethod, name: MethodName) => Value): Record<MethodName, Value> {
  return Object.fromEntries(eachMethod.map(([name, method]) => [name, of(method, name)])) as Record<MethodName, Value>;
}

/** The callers that registered the method `name`. */
export function registrationsOf<Name extends MethodName>(
  name: Name,
  callers: readonly RegisteredCaller[],
): readonly Registration<NonNullable<Registrations[Name]>>[] {
  return callers.flatMap(({ caller, methods }) => {
    const registered = methods[name];
    return registered === undefined ? [] : [{ caller, registered }];
  });
}

/** What the section of a caller says of a method. */
export function sectionOf({ key }: CallerMethod, section: MethodSections): unknown {
  return (section as Readonly<Record<string, unknown>>)[key];
}

/** What the metadata (RFC 8414) publishes of the methods: what at least one caller can use, and nothing else; each once. */
export function advertisedMethods(callers: readonly RegisteredCaller[], server: AdvertisingServer): Advertisement {
  const all = eachMethod.flatMap(([name, method]) =>
    registrationsOf(name, callers).map(({ registered }) => method.advertise(registered, server)),
  );
  return {
    methods: [...new Set(all.flatMap(({ methods }) => methods))],
    assertionAlgorithms: [...new Set(all.flatMap(({ assertionAlgorithms }) => assertionAlgorithms))],
  };
}
