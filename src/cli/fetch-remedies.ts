import type { KeyFetchCategory, KeyFetchFailure } from '../keys/source/key-fetch-failure.js';
import { maskText } from '../telemetry/mask.js';

/** What to do about a fetch of keys that failed: total, so that a new category without a remedy does not compile. */
export const fetchRemedies: Readonly<Record<KeyFetchCategory, string>> = {
  timeout: 'ask its operators why it is slow, and see what may drop packets on the way; a fetch may take 3 s',
  dns: 'check the host name in the registration, and the resolver of this machine',
  address_refused: 'if the issuer is in your own network, say network.allowPrivate: true; else mend its DNS',
  proxy: 'check network.proxyUrl, and whether the proxy lets this machine connect to the host',
  connect: 'check the host and the port, that the issuer runs, and the firewalls on the way',
  tls: 'have the certificate mended, or put its authority into network.caFile',
  redirect: 'name the address that it leads to, in keys.jwksUri or keys.discoveryUrl',
  status_4xx: 'check the URL in the registration, and whether the issuer wants a token (network.bearerTokenFile)',
  status_5xx: 'ask its operators: it says itself that it is in trouble',
  rate_limited: 'wait, and ask its operators to allow a request for keys every few minutes',
  status_other: 'check the URL in the registration: what is there is no document',
  protocol: 'ask its operators: what answers there does not speak HTTP as it should',
  oversize: 'check the URL: key sets have a few kilobytes, and more than 256 KiB is not read',
  html: 'check the URL: a web page answers, perhaps one for signing in',
  json: 'check the URL: what answers is not strict JSON',
  key_set: 'check the URL: it is JSON, but no JWK Set',
  empty: 'ask its operators to publish a key for one of algorithms, or mend algorithms',
  rollback: 'ask its operators: an older set than before is served',
  metadata: 'mend issuer in the registration (it must be the one of the metadata, byte for byte), or keys.jwksHosts',
  internal: 'please report this: it is a fault of Assay',
};

/** Where and why a fetch failed, as a phrase: our own words, and the code of the runtime, never words of the issuer. */
export function fetchFailurePhrase({ category, detail, status, place, cause }: KeyFetchFailure): string {
  const where = place === undefined ? '' : ` at ${place.host} (${place.stage})`;
  const named = place?.named === undefined ? '' : `, which is ${maskText(place.named)}`;
  const [answer, code] = [status === undefined ? '' : `, status ${status}`, codeOf(cause)];
  const why = detail === undefined ? '' : `: ${detail}${named}`;
  return `${category}${where}${why}${answer}${code === undefined ? '' : ` (${code})`}`;
}

/** Codes of Node are constants of a fixed shape. */
function codeOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
