import { randomBytes } from 'node:crypto';
import type { Clock } from '../shared/clock.js';
import { DemoIssuer, demoAudience } from './demo-issuer.js';

/** The `client_id` of the one caller in demo mode. */
const demoCallerId = 'demo-api';

/** A running demo: an issuer, and a configuration that registers it. */
export interface Demo {
  /** To be validated like the content of a file. */
  readonly configuration: object;
  /**
   * What to paste, for a person; three lines of it are commands.
   * @param publicUrl base URL of the public listener
   */
  instructions(publicUrl: string): string;
  stop(): Promise<void>;
}

/** Starts the demo issuer. Only ever called when no configuration was found outside of production. */
export async function startDemo(clock: Clock): Promise<Demo> {
  const issuer = await DemoIssuer.start(clock);
  const secret = randomBytes(32).toString('base64url');
  return {
    configuration: demoConfiguration(issuer.identifier, secret),
    instructions: (publicUrl) => instructions(issuer.identifier, publicUrl, secret),
    stop: () => issuer.stop(),
  };
}

function instructions(issuer: string, publicUrl: string, secret: string): string {
  return `
Assay runs in demo mode, on 127.0.0.1 only, because it found no configuration. Paste into another terminal:

1. Take a token from the demo issuer.
TOKEN=$(curl -s -X POST ${issuer}/token)

2. Introspect it.
curl -s -u ${demoCallerId}:${secret} --data-urlencode "token=$TOKEN" ${publicUrl}/introspect

3. Rotate the issuer's key; then take and introspect a new token.
curl -s -X POST ${issuer}/rotate

`;
}

/**
 * The configuration of demo mode, as data: it is validated like a file.
 * @param issuer identifier of the demo issuer
 * @param secret of the demo caller
 */
function demoConfiguration(issuer: string, secret: string): object {
  return {
    server: {
      http: { host: '127.0.0.1', port: 8080 },
      grpc: { host: '127.0.0.1', port: 9090 },
      management: { host: '127.0.0.1', port: 8081 },
    },
    issuers: [
      {
        id: 'demo',
        issuer,
        keys: { discovery: 'auto' },
        algorithms: ['RS256'],
        audiences: [demoAudience],
        tokenTypes: ['at+jwt'],
        network: { allowPrivate: true },
        // Who tries it out rotates more often than an issuer does.
        freshness: { missCooldown: '1s', minSpacing: '1s' },
        criticality: 'critical',
      },
    ],
    callers: [{ id: demoCallerId, secrets: [secret], issuers: ['demo'], audiences: [demoAudience], claims: 'any' }],
  };
}
