import type { RecordMac, RecordRefusal } from '../redis/record-mac.js';
import { isJsonArray, isJsonObject } from '../shared/json-value.js';
import { readStrictJson, stringifyJson } from '../shared/strict-json.js';
import { subjectOf, type KeyDecision } from './key-decision.js';
import { decisionOf } from './written-decision.js';

const LABEL = 'jwks-deny/1';

/**
 * A decision as the version before shares it: the name of its seal's key, the seal and the document, as a JSON list. The seal also covers
 * whose key it is about, so that a decision moved to another key or issuer is a forgery.
 */
export function sealDecision(mac: RecordMac, decision: KeyDecision): string {
  const { verdict, reason, by, atMs, untilMs } = decision;
  const document = JSON.stringify({ verdict, reason, by, atMs, untilMs });
  const { keyId, code } = mac.seal(LABEL, [subjectOf(decision), document]);
  return stringifyJson([keyId, code, document]);
}

/** Opens a decision; or says why it is not believed. The seal is checked before the document is parsed. */
export function openDecision(mac: RecordMac, subject: string, sealed: Uint8Array): KeyDecision | RecordRefusal {
  const parts = readStrictJson(sealed);
  if (!isJsonArray(parts) || parts.length !== 3 || !parts.every((part) => typeof part === 'string'))
    return 'incomplete';
  const [keyId = '', code = '', document = ''] = parts;
  const verdict = mac.check(LABEL, [subject, document], { keyId, code });
  return verdict === 'genuine' ? (readDecision(subject, document) ?? 'malformed') : verdict;
}

function readDecision(subject: string, document: string): KeyDecision | undefined {
  const content = readStrictJson(Buffer.from(document));
  const [issuerId, thumbprint] = subject.split(' ');
  if (!isJsonObject(content) || issuerId === undefined || thumbprint === undefined) return undefined;
  return decisionOf({ ...content, issuerId, thumbprint });
}
