import { aToken } from '../builders/a-token.js';
import { algorithmAttacks } from './algorithm-attacks.js';
import { claimAttacks } from './claim-attacks.js';
import { claimTimeAttacks } from './claim-time-attacks.js';
import { curveSignatureAttacks } from './curve-signature-attacks.js';
import { encodingAttacks } from './encoding-attacks.js';
import { headerInjectionAttacks } from './header-injection-attacks.js';
import { keySelectionAttacks } from './key-selection-attacks.js';
import { limitAttacks } from './limit-attacks.js';
import { mlDsaAttacks, mlDsaMismatches } from './ml-dsa-attacks.js';
import { partyAttacks } from './party-attacks.js';
import { rsaSignatureAttacks } from './rsa-signature-attacks.js';
import { structureAttacks } from './structure-attacks.js';
import { tokenKindAttacks } from './token-kind-attacks.js';
import type { Vector, VectorContext } from './vector.js';
import { AUDIENCE, issuerOf, type World } from './world.js';
import { weakKeyAttacks } from './weak-key-attacks.js';

/** Every table of tokens and verdicts. An endpoint runs all of them: `contextOf` its world, `token(context)`, compare. */
export const tables: Readonly<Record<string, readonly Vector[]>> = {
  'algorithm attacks': algorithmAttacks,
  'header injection': headerInjectionAttacks,
  'key selection attacks': keySelectionAttacks,
  'structure attacks': structureAttacks,
  'encoding attacks': encodingAttacks,
  'limit attacks': limitAttacks,
  'curve signature attacks': curveSignatureAttacks,
  'ML-DSA signature attacks': mlDsaAttacks,
  'ML-DSA keys and names': mlDsaMismatches,
  'RSA signature attacks': rsaSignatureAttacks,
  'weak key attacks': weakKeyAttacks,
  'claims about time': claimTimeAttacks,
  'issuers and audiences': partyAttacks,
  claims: claimAttacks,
  'token kinds': tokenKindAttacks,
};

/** All rows of all tables. */
export const allCases: readonly Vector[] = Object.values(tables).flat();

/** What the rows are built from. @param nowSeconds wall time of the endpoint under test */
export function contextOf(world: World, nowSeconds: number): VectorContext {
  const now = Math.floor(nowSeconds);
  const good = aToken().from(issuerOf(world, 'main')).for(AUDIENCE).at(now).signedBy(world.keys.es);
  return { world, now, good };
}
