import { demoAudience } from './demo-issuer.js';

/** The `client_id` of the one caller in demo mode. */
export const demoCallerId = 'demo-api';

/**
 * The configuration of demo mode, as data: it is validated like a file.
 * @param issuer identifier of the demo issuer
 * @param secret of the demo caller
 */
export function demoConfiguration(issuer: string, secret: string): object {
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
        // Somebody who plays rotates more often than an issuer does.
        freshness: { missCooldown: '1s', minSpacing: '1s' },
        criticality: 'critical',
      },
    ],
    callers: [{ id: demoCallerId, secrets: [secret], issuers: ['demo'], audiences: [demoAudience], claims: 'any' }],
  };
}
