/** Which texts may be opaque tokens at all: the first thing that is asked, because what is none costs nothing and goes nowhere. */
import { LONGEST_OPAQUE_TOKEN } from '../issuers/opaque.config.js';

/** Visible ASCII but for quotes and backslash: more than any token needs (RFC 6750 §2.1), and nothing that a form or a log could be split by. */
const alphabet = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** What a JSON object begins with, in base64url: how an inner part of a JWT begins. */
const innerObject = '.eyJ';

/**
 * Whether `token` may be sent to the issuer that a rule finds for it. A JWT never is, nor anything that looks like one, whoever made
 * it and however broken it is: it belongs to the issuer that it names, and only its keys judge it.
 */
export function mayBeOpaque(token: string): boolean {
  return token.length <= LONGEST_OPAQUE_TOKEN && alphabet.test(token) && !looksLikeJwt(token);
}

function looksLikeJwt(token: string): boolean {
  const end = token.indexOf('.');
  if (end < 0) return false;
  return token.includes(innerObject) || beginsObject(token.slice(0, end));
}

/** Leniently decoded, because a header that is not quite base64url is a header still. */
function beginsObject(segment: string): boolean {
  return /^[\s\ufeff]*\{/.test(Buffer.from(segment.slice(0, 64), 'base64').toString('utf8'));
}
