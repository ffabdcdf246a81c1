import { readKeyUrl } from '../../shared/key-url.js';
import type { ConfigurationProblem, ProblemReporter } from '../../shared/configuration/problem.js';
import { hasControlCharacter } from '../credentials/basic-credentials.js';
import type { Caller, Grant } from '../caller.js';
import type { CallerSection, CertificateSection } from './callers.config.js';
import { CertificateDefect, registeredIdentity } from '../methods/certificate/certificate-identity.js';
import { prepareAssertions } from '../methods/assertion/prepare-assertions.js';
import { prepareSecrets } from '../methods/secret/prepare-secrets.js';
import type { PreparedCaller, ProxyProfile } from './prepared-caller.js';

/** What else of the configuration a caller depends on. */
export interface CallerContext {
  /** This service's own issuer identifier (`server.identifier`); absent where there is none. */
  readonly identifier: string | undefined;
  /** Hears of what works and should not. */
  readonly warn: ProblemReporter;
}

/** Longest caller id, in UTF-16 code units. */
const MAX_ID_LENGTH = 256;

/** Checks one registration and makes it ready. @returns undefined after reporting every problem */
export function prepareCaller(
  section: CallerSection,
  path: string,
  report: ProblemReporter,
  context: CallerContext,
): PreparedCaller | undefined {
  const problems: ConfigurationProblem[] = [];
  const note: ProblemReporter = (problem) => {
    problems.push(problem);
    report(problem);
  };
  checkId(section.id, `${path}.id`, note);
  checkMethods(section, path, note);
  checkProxy(section, path, note);
  const prepared = prepareMethods(section, path, note, context);
  return problems.length === 0 ? prepared : undefined;
}

function prepareMethods(
  section: CallerSection,
  path: string,
  report: ProblemReporter,
  { identifier, warn }: CallerContext,
): PreparedCaller {
  const { id, secrets, assertion, certificate, token } = section;
  const named = { clientId: id, identifier };
  return {
    caller: callerOf(section),
    secrets: secrets && prepareSecrets(secrets, `${path}.secrets`, report, warn),
    assertions: assertion && prepareAssertions(assertion, `${path}.assertion`, report, named),
    certificateIdentity: certificate && identity(certificate, `${path}.certificate`, report),
    token,
    rateLimit: section.rateLimit,
    proxy: section.proxy ? profileOf(section) : undefined,
  };
}

function profileOf({ resourceMetadata }: CallerSection): ProxyProfile {
  return resourceMetadata === undefined ? {} : { resourceMetadata };
}

/** What it names must be fit for a quoted string in a challenge, and there must be challenges. */
function checkProxy({ proxy, resourceMetadata }: CallerSection, path: string, report: ProblemReporter): void {
  if (resourceMetadata === undefined) return;
  if (!proxy) report({ path, found: 'resourceMetadata without proxy: true', expected: 'both, or none of them' });
  const url = readKeyUrl(resourceMetadata, { allowPrivate: true });
  const found = typeof url === 'string' ? url : resourceMetadata.includes('"') ? 'a quote in the URL' : undefined;
  if (found !== undefined) report({ path: `${path}.resourceMetadata`, found, expected: 'an https URL' });
}

function checkMethods(
  { secrets, assertion, certificate, token, proxy }: CallerSection,
  path: string,
  report: ProblemReporter,
): void {
  if (proxy || (secrets ?? assertion ?? certificate ?? token)) return;
  report({ path, found: 'no way to authenticate', expected: 'at least one of secrets, assertion, certificate, token' });
}

function callerOf({ id, issuers, audiences, claims }: CallerSection): Caller {
  return { id, issuers: grantOf(issuers), audiences: grantOf(audiences), claims: grantOf(claims) };
}

function identity(section: CertificateSection, path: string, report: ProblemReporter): string | undefined {
  const registered = registeredIdentity(section);
  if (!(registered instanceof CertificateDefect)) return registered;
  const found = Object.values(section).filter((term) => term !== undefined);
  report({ path, found: found.join(', ').slice(0, 200) || 'nothing', expected: registered.expected });
  return undefined;
}

function checkId(id: string, path: string, report: ProblemReporter): void {
  if (id.length > 0 && id.length <= MAX_ID_LENGTH && !hasControlCharacter(id)) return;
  report({ path, found: `${id.length} characters`, expected: `1 to ${MAX_ID_LENGTH} printable characters` });
}

function grantOf(names: readonly string[] | 'any'): Grant {
  return names === 'any' ? 'any' : new Set(names);
}
