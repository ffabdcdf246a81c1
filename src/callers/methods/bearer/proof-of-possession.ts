import { hash, type X509Certificate } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../shared/json-value.js';

/**
 * Whether whoever presents a token with these claims as its own credential has proven all that the token asks for (RFC 7800 §3). One
 * that is bound to a key is no bearer token: whoever stole it must not get in (RFC 9449 §7.2). The one proof that we see is a client
 * certificate (RFC 8705 §3), and it proves nothing beside it.
 */
export function isProven({ cnf }: JsonObject, certificate: X509Certificate | undefined): boolean {
  if (cnf === undefined) return true;
  if (!certificate || !isJsonObject(cnf)) return false;
  const members = Object.entries(cnf);
  const thumbprint = hash('sha256', certificate.raw, 'base64url');
  return members.length > 0 && members.every(([name, value]) => name === 'x5t#S256' && value === thumbprint);
}
