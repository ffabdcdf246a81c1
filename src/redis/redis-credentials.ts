/** Presents to Redis the passwords and certificates that are in the files now, so that they can be changed while the service runs. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import { CurrentText, withoutLineEnd } from './current-text.js';
import type { RedisClient } from './redis-link.js';
import type { RedisLocation, Rereadable } from './redis-location.js';

/**
 * TLS options that have, for each connection, the certificates that are in the files then: ioredis copies the options with
 * `Object.assign` when it connects, which asks the getter. Where the files do not fit together, as while they are replaced, the
 * certificates are those of the connection before.
 */
export function tlsOptions({ ca, clientCert, clientKey }: RedisLocation): ConnectionOptions {
  const sources = [ca, clientCert, clientKey].map((source) =>
    source === undefined ? undefined : new CurrentText(source),
  );
  let latest = textsOf(sources);
  let context = contextOf(latest);
  return {
    get secureContext(): SecureContext {
      const texts = textsOf(sources);
      if (texts.every((text, i) => text === latest[i])) return context;
      try {
        context = contextOf(texts);
        latest = texts;
      } catch {
        // Asked again for the next connection.
      }
      return context;
    },
  };
}

type Texts = readonly (string | undefined)[];

function textsOf(sources: readonly (CurrentText | undefined)[]): Texts {
  return sources.map((source) => source?.get());
}

function contextOf([ca, cert, key]: Texts): SecureContext {
  return createSecureContext({ ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
}

/** Every connection that the client makes from now on, to whatever server, presents the passwords as they are then. */
export function presentCurrentPasswords(client: RedisClient, { password, sentinelPassword }: RedisLocation): void {
  const follow = ({ options }: Redis): void => {
    replaceByCurrent(options, 'password', password);
    replaceByCurrent(options, 'sentinelPassword', sentinelPassword);
  };
  if (client instanceof Redis) follow(client);
  // A node is announced before it connects; its helpers, for slots and subscriptions, copy its options when they do.
  else client.on('+node', follow);
}

function replaceByCurrent(
  options: RedisOptions,
  name: 'password' | 'sentinelPassword',
  source: Rereadable | undefined,
): void {
  if (source === undefined) return;
  const text = new CurrentText(source);
  Object.defineProperty(options, name, { get: () => withoutLineEnd(text.get()), enumerable: true, configurable: true });
}

/**
 * Presents the password on the connections that are open, so that a server that gives a password a limited life, as managed
 * ones do with tokens, does not close them.
 * @throws the refusal of a server; it has no effect on what was presented to that server before
 */
export async function authenticateAgain(client: RedisClient): Promise<void> {
  const nodes = client instanceof Cluster ? client.nodes() : [client];
  await Promise.all(nodes.filter(({ status }) => status === 'ready').map(present));
}

async function present(node: Redis): Promise<void> {
  const { username, password } = node.options;
  if (!password) return;
  await (username ? node.auth(username, password) : node.auth(password));
}
