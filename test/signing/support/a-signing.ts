import { FileText } from '../../../src/shared/configuration/field.js';
import type { KeyUse, SigningKeySection, SigningSection } from '../../../src/signing/signing.config.js';
import { aKey, type TestKey } from '../../builders/a-key.js';

/** A key of ours and what it is for. */
export type UsedKey = readonly [use: KeyUse, key: TestKey];

/** One signing key for ES256 and one for RS256, the same in all tests: RSA keys are slow to make. */
export const ourKeys: readonly UsedKey[] = [
  ['signing', aKey('ES256')],
  ['signing', aKey('RS256')],
];

/** The section `server.signing` with these keys, as it is read of a file. */
export function aSigning(...keys: readonly UsedKey[]): SigningSection {
  return { keys: keys.map(([use, key], i) => aKeySection(use, key, `key-${i}`)) };
}

function aKeySection(use: KeyUse, { alg, privateKey }: TestKey, id: string): SigningKeySection {
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return { id, use, alg: alg, keyFile: new FileText(`/keys/${id}.pem`, pem) };
}
