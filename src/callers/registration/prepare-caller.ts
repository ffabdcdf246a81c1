import { readKeyUrl } from '../../shared/key-url.js';
import type { Place } from '../../shared/configuration/place.js';
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
}

/** Longest caller id, in UTF-16 code units. */
const MAX_ID_LENGTH = 256;

/** Checks one registration and makes it ready. @returns undefined after reporting every problem */
export function prepareCaller(
  section: CallerSection,
  place: Place,
  context: CallerContext,
): PreparedCaller | undefined {
  checkId(section.id, place.at('id'));
  checkMethods(section, place);
  checkProxy(section, place);
  const prepared = prepareMethods(section, place, context);
  return place.isSound ? prepared : undefined;
}

function prepareMethods(section: CallerSection, place: Place, { identifier }: CallerContext): PreparedCaller {
  const { id, secrets, assertion, certificate, token } = section;
  const named = { clientId: id, identifier };
  return {
    caller: callerOf(section),
    secrets: secrets && prepareSecrets(secrets, place.at('secrets')),
    assertions: assertion && prepareAssertions(assertion, place.at('assertion'), named),
    certificateIdentity: certificate && identity(certificate, place.at('certificate')),
    token,
    rateLimit: section.rateLimit,
    proxy: section.proxy ? profileOf(section) : undefined,
  };
}

function profileOf({ resourceMetadata }: CallerSection): ProxyProfile {
  return resourceMetadata === undefined ? {} : { resourceMetadata };
}

/** What it names must be fit for a quoted string in a challenge, and there must be challenges. */
function checkProxy({ proxy, resourceMetadata }: CallerSection, place: Place): void {
  if (resourceMetadata === undefined) return;
  if (!proxy) place.refuse('resourceMetadata without proxy: true', 'both, or none of them');
  const url = readKeyUrl(resourceMetadata, { allowPrivate: true });
  const found = typeof url === 'string' ? url : resourceMetadata.includes('"') ? 'a quote in the URL' : undefined;
  if (found !== undefined) place.at('resourceMetadata').refuse(found, 'an https URL');
}

function checkMethods({ secrets, assertion, certificate, token, proxy }: CallerSection, place: Place): void {
  if (proxy || (secrets ?? assertion ?? certificate ?? token)) return;
  place.refuse('no way to authenticate', 'at least one of secrets, assertion, certificate, token');
}

function callerOf({ id, issuers, audiences, claims }: CallerSection): Caller {
  return { id, issuers: grantOf(issuers), audiences: grantOf(audiences), claims: grantOf(claims) };
}

function identity(section: CertificateSection, place: Place): string | undefined {
  const registered = registeredIdentity(section);
  if (!(registered instanceof CertificateDefect)) return registered;
  const found = Object.values(section).filter((term) => term !== undefined);
  place.refuse(found.join(', ').slice(0, 200) || 'nothing', registered.expected);
  return undefined;
}

function checkId(id: string, place: Place): void {
  if (id.length > 0 && id.length <= MAX_ID_LENGTH && !hasControlCharacter(id)) return;
  place.refuse(`${id.length} characters`, `1 to ${MAX_ID_LENGTH} printable characters`);
}

function grantOf(names: readonly string[] | 'any'): Grant {
  return names === 'any' ? 'any' : new Set(names);
}
