import { decodeBase64Url } from '../shared/base64url.js';

/**
 * The octets of a number in a published key. Some issuers write it in the standard alphabet or with padding, which RFC 7515 §2 does not
 * allow, and which leaves no doubt about the number: what is compared and kept is always made of the octets. Only for documents
 * that come from where keys are fetched; a token has one spelling for each octet.
 * @returns `undefined` where `text` is neither base64url nor base64
 */
export function publishedOctets(text: string): Buffer | undefined {
  const lean = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  return decodeBase64Url(lean.replaceAll('+', '-').replaceAll('/', '_'));
}
