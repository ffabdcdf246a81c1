import { GuardedHttp } from '../../keys/source/guarded-http.js';
import { KeyFetchFailure } from '../../keys/source/key-fetch-failure.js';
import { maskedUrl } from '../../shared/key-url.js';
import { command, exitCodes, jsonOption, type CommandHost, type ExitCode } from '../command.js';
import { fetchFailurePhrase, fetchRemedies } from '../fetch-remedies.js';
import { columns } from '../table.js';
import { keyRows, type KeyRow } from './key-rows.js';
import { networkFrom, networkOptions, soundUrl } from './network-options.js';
import { findKeySet } from './published-key-set.js';

/** `assay keys`: what an issuer publishes, before it is registered, and when a token is refused for its key. */
export const keysCommand = command({
  name: 'keys',
  summary: 'shows the keys that an issuer publishes, and whether each can be used',
  operands: [{ name: 'URL' }],
  options: { ...networkOptions, json: jsonOption },
  description: `URL is that of an issuer, of its metadata, or of its key set. Fetches the key set once, under the rules of the
service (https, public addresses, bounded time and size), and prints a line for each key: kid, kind and
size, the algorithms that it can verify, its thumbprint (RFC 7638), and whether it can be used, or why not.
`,
  ends: [
    [exitCodes.good, 'at least one key can be used'],
    [exitCodes.no, 'there is a key set, and none of its keys can be used'],
    [exitCodes.unavailable, 'there is no key set, or it cannot be reached: the reason is on standard error'],
  ],
  examples: [
    'assay keys https://login.corp.example',
    'assay keys https://login.corp.example/oauth2/jwks --json',
    'assay keys http://127.0.0.1:8080/realms/corp --allow-private',
  ],
  run: async ({ operands: [text = ''], options }, host) => {
    const network = networkFrom(options);
    const url = soundUrl(text, network);
    try {
      const { entries, jwksUri } = await findKeySet(url, { http: new GuardedHttp(), clock: host.clock, network });
      return show(maskedUrl(jwksUri), keyRows(entries), options.json, host);
    } catch (error) {
      return sayFailure(KeyFetchFailure.of(error), host);
    }
  },
});

/** Says why nothing could be fetched, and what to do. */
export function sayFailure(failure: KeyFetchFailure, { printError }: CommandHost): ExitCode {
  printError(`assay: ${fetchFailurePhrase(failure)}; to do: ${fetchRemedies[failure.category]}\n`);
  return exitCodes.unavailable;
}

function show(jwksUri: string, keys: readonly KeyRow[], isJson: boolean, { print }: CommandHost): ExitCode {
  const usable = keys.filter(({ isUsable }) => isUsable).length;
  if (isJson) print(`${JSON.stringify({ jwksUri, usable, keys })}\n`);
  else print(`${jwksUri}: ${usable} of ${keys.length} keys can be used\n\n${columns(keys.map(cellsOf))}`);
  return usable > 0 ? exitCodes.good : exitCodes.no;
}

function cellsOf({ kid, kind, algorithms, thumbprint, verdict, remedy }: KeyRow): readonly string[] {
  const toDo = remedy === undefined ? '' : `; to do: ${remedy}`;
  return [kid ?? '(no kid)', kind, algorithms.join(' ') || '-', thumbprint ?? '-', `${verdict}${toDo}`];
}
