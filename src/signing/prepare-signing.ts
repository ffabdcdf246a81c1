import type { Place } from '../shared/configuration/place.js';
import type { Algorithm } from '../tokens/algorithms.js';
import { canSign, readSigningKey, type OwnPublicKey, type SigningKey } from './signing-key.js';
import type { KeyUse, SigningKeySection, SigningSection } from './signing.config.js';

/** A key of ours, and what it is for now. Immutable. */
export interface OwnKey {
  /** How logs call it. */
  readonly name: string;
  readonly use: KeyUse;
  readonly key: OwnPublicKey;
}

/** Keys of our own. Immutable. */
export interface OwnKeys {
  /** Every key that is published, in the order of the configuration. */
  readonly published: readonly OwnKey[];
  /** The one key that signs with each algorithm. */
  readonly signing: ReadonlyMap<Algorithm, SigningKey>;
}

/** Makes our own keys ready; problems are reported, and then the result must not be used. */
export async function prepareSigning({ keys }: SigningSection, place: Place): Promise<OwnKeys> {
  const published: OwnKey[] = [];
  const signing = new Map<Algorithm, SigningKey>();
  for (const [i, section] of keys.entries()) {
    const at = place.at('keys').at(i);
    const key = await readOwnKey(section, at);
    if (!key) continue;
    const earlier = published.findIndex((other) => other.key.kid === key.kid);
    if (earlier >= 0) at.at('keyFile').refuse(`the key of ${published[earlier]?.name}`, 'each key once');
    published.push({ name: section.id ?? at.path, use: section.use, key });
    if (section.use !== 'signing' || !canSign(key)) continue;
    if (signing.has(key.alg))
      at.at('use').refuse(`a second signing key for ${key.alg}`, 'exactly one; the others next or previous');
    signing.set(key.alg, key);
  }
  if (place.isSound && signing.size === 0)
    place.at('keys').refuse('no key with use: signing', 'exactly one for each alg');
  return { published, signing };
}

/** @returns `undefined` after reporting */
async function readOwnKey({ keyFile, alg, use }: SigningKeySection, place: Place): Promise<OwnPublicKey | undefined> {
  const key = await readSigningKey(keyFile.text, alg);
  const found = typeof key === 'string' ? key : use !== 'previous' && !canSign(key) ? 'a public key' : undefined;
  if (found === undefined) return key as OwnPublicKey;
  place.at('keyFile').refuse(found, `PEM or JWK of a private key for ${alg}, without a passphrase`);
  return undefined;
}

/**
 * The algorithm that answers are signed with for whoever names none: RS256 (RFC 9701 §6), or else that of the only signing key.
 * @returns `undefined` where there are several others
 */
export function usualAlgorithm(section: SigningSection): Algorithm | undefined {
  const signing = signingAlgorithms(section);
  return signing.has('RS256') ? 'RS256' : signing.size === 1 ? [...signing][0] : undefined;
}

/** What there is a signing key for. */
export function signingAlgorithms({ keys }: SigningSection): ReadonlySet<Algorithm> {
  return new Set(keys.filter(({ use }) => use === 'signing').map(({ alg }) => alg));
}
