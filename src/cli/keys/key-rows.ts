import { MOST_ENTRIES } from '../../keys/source/parse-key-set.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';
import { algorithmNames, type Algorithm } from '../../tokens/algorithms.js';
import { certificateDoubt } from '../../tokens/certificate-doubt.js';
import { importJwk } from '../../tokens/import-jwk.js';
import { JwkDefect } from '../../tokens/jwk-defect.js';
import { doubtVerdicts, dropVerdicts, type KeyVerdict } from '../key-verdicts.js';
import { plainText } from '../plain-text.js';

/** What is said of one entry of a key set. */
export interface KeyRow {
  /** As it is published, without what could harm a terminal; absent where it has none. */
  readonly kid?: string;
  /** Kind and size, such as `RSA 2048` or `EC P-256`. */
  readonly kind: string;
  /** Algorithms that it can verify. */
  readonly algorithms: readonly Algorithm[];
  readonly isUsable: boolean;
  /** RFC 7638: the name by which it is denied. */
  readonly thumbprint?: string;
  readonly verdict: string;
  readonly remedy?: string;
}

const everyAlgorithm: ReadonlySet<Algorithm> = new Set(algorithmNames);

/** Judges each entry of a set as the service would whose registration allows every algorithm. */
export function keyRows(entries: readonly JsonValue[]): readonly KeyRow[] {
  return entries.slice(0, MOST_ENTRIES).map((entry) => {
    if (!isJsonObject(entry)) return unusable({ kind: 'no key' }, dropVerdicts.not_an_object);
    const about = { ...kidOf(entry), kind: kindOf(entry) };
    const key = importJwk(entry, everyAlgorithm);
    if (key instanceof JwkDefect) return unusable(about, dropVerdicts[key.reason]);
    const { thumbprint } = key;
    const doubt = certificateDoubt(entry['x5c'], thumbprint);
    const odd = doubt && doubtVerdicts[doubt];
    return {
      ...about,
      algorithms: [...key.verifiers.keys()],
      isUsable: true,
      thumbprint,
      verdict: odd ? `good, with ${odd.says}` : 'good',
      ...(odd && { remedy: odd.remedy }),
    };
  });
}

function unusable(about: Pick<KeyRow, 'kid' | 'kind'>, { says, remedy, isUsual }: KeyVerdict): KeyRow {
  const verdict = `not used: ${says}`;
  return { ...about, algorithms: [], isUsable: false, verdict, ...(!isUsual && { remedy }) };
}

function kidOf({ kid }: JsonObject): Pick<KeyRow, 'kid'> {
  return typeof kid === 'string' ? { kid: plain(kid) } : {};
}

function kindOf({ kty, crv, n, alg }: JsonObject): string {
  const kind = typeof kty === 'string' ? plain(kty) : 'no kty';
  if (typeof n === 'string') return `${kind} ${Math.floor((n.length * 6) / 8) * 8}`;
  const more = typeof crv === 'string' ? crv : kty === 'AKP' && typeof alg === 'string' ? alg : undefined;
  return more === undefined ? kind : `${kind} ${plain(more)}`;
}

/** A line is no place for a long text. */
function plain(text: string): string {
  return plainText(text.slice(0, 80));
}
