import type { Reading } from '../shared/configuration/field.js';
import type { IssuerSection } from './issuers.config.js';
import { readKeyUrl } from './key-url.js';

/**
 * Refuses an identifier that no metadata can have: with discovery it is an `https` URL without query, fragment and user
 * information (RFC 8414 §2); plain `http` only to loopback and with `allowPrivate`. With keys from elsewhere it may be any
 * text (RFC 7519 §4.1.1), but a URL has to be a sound one all the same.
 */
export function refuseUnsoundIssuer({ issuer, keys, network }: IssuerSection, path: string, { report }: Reading): void {
  if (keys.discovery === undefined && !/^https?:/i.test(issuer)) return;
  const url = readKeyUrl(issuer, network);
  const found = typeof url === 'string' ? url : issuer.includes('?') ? 'a query in the URL' : undefined;
  if (found === undefined) return;
  const expected = 'an https URL without query and fragment, such as https://login.corp.example';
  report({ path: `${path}.issuer`, found, expected });
}
