import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../src/shared/json-value.js';
import type { CallerSection } from '../../../src/callers/registration/callers.config.js';
import type { DpopSection } from '../../../src/proofs/proofs.config.js';
import type { TestKey } from '../../builders/a-key.js';
import { aToken, type Members, type TokenBuilder } from '../../builders/a-token.js';

/** The origin that clients see in these tests. */
export const ORIGIN = 'https://api.corp.example';

/** The request that a good proof is made for. */
export const good = { method: 'GET', path: '/orders?page=2', htu: `${ORIGIN}/orders` };

/** The public members of a key, as a proof has them. */
export function publicJwk({ publicKey }: TestKey): JsonObject {
  return publicKey.export({ format: 'jwk' }) as JsonObject;
}

/** A DPoP proof that is good, until the test changes it. */
export function aProof(key: TestKey, token: string, nowSeconds: number, claims: Members = {}): TokenBuilder {
  const ath = createHash('sha256').update(token).digest('base64url');
  return aToken()
    .with({ sub: undefined, client_id: undefined, jti: randomUUID() })
    .with({ htm: good.method, htu: good.htu, iat: Math.floor(nowSeconds), ath, ...claims })
    .signedBy(key)
    .header({ typ: 'dpop+jwt', kid: undefined, jwk: publicJwk(key) });
}

/** A section with its defaults, as it is read. */
export function dpopSection(section: Partial<DpopSection> = {}): DpopSection {
  return { maxAge: 60_000, replay: 'local', onUnknown: 'accept', nonce: 'off', proxySetsRequestId: false, ...section };
}

/** A profile whose clients prove with DPoP. */
export function dpopCaller(
  id: string,
  section: Partial<DpopSection> = {},
  more: Partial<CallerSection> = {},
): CallerSection {
  return {
    id,
    proxy: true,
    issuers: 'any',
    audiences: 'any',
    claims: 'any',
    proofs: { origin: ORIGIN, dpop: dpopSection(section) },
    ...more,
  };
}
