import type { Place } from '../../../shared/configuration/place.js';
import { hasControlCharacter } from '../../credentials/basic-credentials.js';
import { MAX_SECRET_LENGTH, MAX_SECRETS, SecretDigests, type RegisteredSecret } from './secret-digest.js';

/** Shorter secrets are refused: they can be guessed by trying. */
const SHORTEST_SECRET = 8;

/** 22 characters of an alphabet of 64 are 128 bits (RFC 6749 §10.10); below, a guesser has a chance worth mentioning. */
const SOUND_SECRET = 22;

/**
 * Turns secrets into digests; the secrets themselves are not kept.
 * @returns undefined after reporting every problem
 */
export function prepareSecrets(secrets: readonly RegisteredSecret[], place: Place): SecretDigests | undefined {
  const defects = secrets.map(({ value }, i) => {
    const expected = defectOf(value);
    if (expected !== undefined) place.at(i).refuse(describe(value), expected);
    else if (value.length < SOUND_SECRET) place.at(i).warn(describe(value), advice);
    return expected;
  });
  if (secrets.length === 0 || secrets.length > MAX_SECRETS) {
    place.refuse(`${secrets.length} secrets`, `1 to ${MAX_SECRETS} secrets`);
    return undefined;
  }
  return defects.every((defect) => defect === undefined) ? new SecretDigests(secrets) : undefined;
}

const advice = `at least ${SOUND_SECRET} random characters, for example of: openssl rand -hex 32`;

function defectOf(secret: string): string | undefined {
  if (secret.length < SHORTEST_SECRET)
    return `at least ${SHORTEST_SECRET} characters, better ${SOUND_SECRET} random ones`;
  if (secret.length > MAX_SECRET_LENGTH) return `at most ${MAX_SECRET_LENGTH} characters`;
  if (hasControlCharacter(secret)) return 'no control character and no line end (RFC 7617 §2)';
  return undefined;
}

/** Never the secret. */
function describe(secret: string): string {
  return `a secret of ${secret.length} characters`;
}
