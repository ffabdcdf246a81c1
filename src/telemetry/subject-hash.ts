import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** Names the use of the derived key: whoever can choose the id of a token must not learn from its hash what the hash of a subject is. */
const PURPOSE = 'assay audit subject';

/**
 * What the audit trail writes in place of a subject: HMAC-SHA-256 in hexadecimal, with a key that is itself the HMAC of a fixed
 * text with the key of the trail. `assay audit find` computes it again.
 * @param hashKey `telemetry.audit.hashKey`
 */
export function subjectHash(hashKey: string | KeyObject, subject: string): string {
  const key = createHmac('sha256', hashKey).update(PURPOSE).digest();
  // As a key object: with a buffer the digest takes four times as long.
  return createHmac('sha256', createSecretKey(key)).update(subject).digest('hex');
}
