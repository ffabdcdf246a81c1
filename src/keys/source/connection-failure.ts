import { KeyFetchFailure, type KeyFetchCategory } from './key-fetch-failure.js';

/** What the codes of Node and undici mean here, by their beginnings. */
const meanings: readonly (readonly [RegExp, KeyFetchCategory, string])[] = [
  [
    /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_|EPROTO)/,
    'tls',
    'no trusted TLS connection',
  ],
  [/^(ENOTFOUND|EAI_|ENODATA)/, 'dns', 'the name could not be resolved'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)/, 'timeout', 'no connection in time'],
  [/^UND_ERR_HEADERS_OVERFLOW/, 'oversize', 'the headers are larger than the limit'],
  [/^(HPE_|UND_ERR_RES|UND_ERR_RESPONSE)/, 'protocol', 'the answer is not HTTP as we understand it'],
];

/** `error` of a connection as a failure of the fetch. Its own text stays in the cause: it is not ours to repeat. */
export function failureOf(error: unknown): KeyFetchFailure {
  if (error instanceof KeyFetchFailure) return error;
  const code = codeOf(error);
  for (const [beginning, category, detail] of meanings) {
    if (beginning.test(code)) return new KeyFetchFailure(category, detail, { cause: error });
  }
  return new KeyFetchFailure('connect', 'the connection was refused or broke', { cause: error });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
