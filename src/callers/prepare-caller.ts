import type { ConfigurationProblem, ProblemReporter } from '../shared/configuration/problem.js';
import { hasControlCharacter } from './basic-credentials.js';
import type { Caller, Grant } from './caller.js';
import type { CallerTerms } from './caller-terms.js';
import { CertificateTermsDefect, registeredIdentity, type CertificateTerms } from './certificate-identity.js';
import { prepareAssertions } from './prepare-assertions.js';
import { prepareSecrets } from './prepare-secrets.js';
import type { PreparedCaller, TokenRegistration } from './prepared-caller.js';

/** What else of the configuration a caller depends on. */
export interface CallerContext {
  /** This service's own issuer identifier (`server.identifier`); absent where there is none. */
  readonly identifier: string | undefined;
  /** Short ids of the registered issuers. */
  readonly issuerIds: ReadonlySet<string>;
  /** Hears of what works and should not. */
  readonly warn: ProblemReporter;
}

/** Longest caller id, in UTF-16 code units. */
const MAX_ID_LENGTH = 256;

/** Checks one registration and makes it ready. @returns undefined after reporting every problem */
export function prepareCaller(
  terms: CallerTerms,
  path: string,
  report: ProblemReporter,
  context: CallerContext,
): PreparedCaller | undefined {
  const problems: ConfigurationProblem[] = [];
  const note: ProblemReporter = (problem) => {
    problems.push(problem);
    report(problem);
  };
  checkId(terms.id, `${path}.id`, note);
  checkIssuers(terms, path, note, context);
  checkMethods(terms, path, note);
  const prepared = prepareMethods(terms, path, note, context);
  return problems.length === 0 ? prepared : undefined;
}

function prepareMethods(
  terms: CallerTerms,
  path: string,
  report: ProblemReporter,
  { identifier, warn }: CallerContext,
): PreparedCaller {
  const { id, secrets, assertion, certificate, token } = terms;
  const named = { clientId: id, identifier };
  return {
    caller: callerOf(terms),
    secrets: secrets && prepareSecrets(secrets, `${path}.secrets`, report, warn),
    assertions: assertion && prepareAssertions(assertion, `${path}.assertion`, report, named),
    certificateIdentity: certificate && identity(certificate, `${path}.certificate`, report),
    token,
  };
}

function checkMethods(
  { secrets, assertion, certificate, token }: CallerTerms,
  path: string,
  report: ProblemReporter,
): void {
  if (secrets ?? assertion ?? certificate ?? token) return;
  report({ path, found: 'no way to authenticate', expected: 'at least one of secrets, assertion, certificate, token' });
}

function callerOf({ id, issuers, audiences, claims }: CallerTerms): Caller {
  return { id, issuers: grantOf(issuers), audiences: grantOf(audiences), claims: grantOf(claims) };
}

function identity(terms: CertificateTerms, path: string, report: ProblemReporter): string | undefined {
  const registered = registeredIdentity(terms);
  if (!(registered instanceof CertificateTermsDefect)) return registered;
  const found = Object.values(terms).filter((term) => term !== undefined);
  report({ path, found: found.join(', ').slice(0, 200) || 'nothing', expected: registered.expected });
  return undefined;
}

function checkId(id: string, path: string, report: ProblemReporter): void {
  if (id.length > 0 && id.length <= MAX_ID_LENGTH && !hasControlCharacter(id)) return;
  report({ path, found: `${id.length} characters`, expected: `1 to ${MAX_ID_LENGTH} printable characters` });
}

function checkIssuers(
  { issuers, token }: CallerTerms,
  path: string,
  report: ProblemReporter,
  context: CallerContext,
): void {
  const granted = issuers === 'any' ? [] : issuers.map((id, i) => ({ id, at: `${path}.issuers[${i}]` }));
  const used = token ? [{ id: token.issuer, at: `${path}.token.issuer` }] : [];
  for (const { id, at } of [...granted, ...used]) {
    if (context.issuerIds.has(id)) continue;
    const known = [...context.issuerIds].slice(0, 10).join(', ');
    report({
      path: at,
      found: id.slice(0, 100),
      expected: `the id of a registered issuer (${known || 'there is none'})`,
    });
  }
  if (token) checkToken(token, `${path}.token`, report);
}

function checkToken({ subject, audience }: TokenRegistration, path: string, report: ProblemReporter): void {
  const expected = 'text that the token must name exactly';
  if (subject === '') report({ path: `${path}.subject`, found: 'nothing', expected });
  if (audience === '') report({ path: `${path}.audience`, found: 'nothing', expected });
}

function grantOf(names: readonly string[] | 'any'): Grant {
  return names === 'any' ? 'any' : new Set(names);
}
