import { SecretDigests } from '../callers/methods/secret/secret-digest.js';
import type { ProblemReporter } from '../shared/configuration/problem.js';
import type { AdminSection } from './admin.config.js';
import type { AdminToken } from './admin-tokens.js';

/** 22 characters of an alphabet of 64 are 128 bits: what can deny the keys of every issuer must not be guessed. */
const SHORTEST_TOKEN = 22;
const LONGEST_TOKEN = 1_024;

/** RFC 6750 §2.1. */
const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

const expected = `${SHORTEST_TOKEN} to ${LONGEST_TOKEN} characters that a bearer token can have, as of openssl rand -hex 32`;

/**
 * Checks the section and makes it ready for {@link AdminTokens.replace}.
 * @param callerSecrets secrets of callers: nobody may be both with one of them (RADM-01)
 * @param report hears every problem; with one, the result must not be used
 */
export function prepareAdmin(
  { tokens }: AdminSection,
  path: string,
  callerSecrets: ReadonlySet<string>,
  report: ProblemReporter,
): readonly AdminToken[] {
  if (tokens.length === 0) {
    report({ path: `${path}.tokens`, found: 'no token', expected: 'at least one token, or no admin section' });
  }
  const ids = tokens.map(({ id }) => id);
  const secrets = tokens.map(({ secret }) => secret);
  tokens.forEach(({ id, secret }, i) => {
    const at = `${path}.tokens[${i}]`;
    if (ids.indexOf(id) < i) report({ path: `${at}.id`, found: 'an id twice', expected: 'an id of its own' });
    if (secrets.indexOf(secret) < i || callerSecrets.has(secret)) {
      report({ path: `${at}.secret`, found: 'a secret that somebody else has too', expected: 'a secret of its own' });
    }
    if (!isToken(secret)) report({ path: `${at}.secret`, found: `a secret of ${secret.length} characters`, expected });
  });
  return tokens.map(({ id, role, secret }) => ({
    admin: { id, role },
    secret: new SecretDigests([{ value: secret }]),
  }));
}

function isToken(secret: string): boolean {
  return secret.length >= SHORTEST_TOKEN && secret.length <= LONGEST_TOKEN && b64token.test(secret);
}
