/** Checks what the configuration says of all callers, and makes it ready for requests. */
import { compileRule } from '../../claims/claim-rule.js';
import { ScopeHierarchy } from '../../claims/scope-hierarchy.js';
import type { Place } from '../../shared/configuration/place.js';
import { refuseRepeated } from '../../shared/configuration/written.js';
import { readKeyUrl } from '../../shared/key-url.js';
import { eachWithPauses, type Pause } from '../../shared/pause.js';
import { prepareProofs } from '../../proofs/prepare-proofs.js';
import type { SigningSection } from '../../signing/signing.config.js';
import type { Caller, Grant } from '../caller.js';
import { hasControlCharacter } from '../credentials/basic-credentials.js';
import type { CallerMethod, MethodContext } from '../methods/caller-method.js';
import { eachMethod, sectionOf, forEachMethod, type Registrations } from '../methods/caller-methods.js';
import type { PreparedCaller, ProxyProfile } from './caller-directory.js';
import type { CallerSection } from './callers.config.js';
import { grantedMembers, grantOfClaims } from './granted-members.js';
import { prepareResource, type ProtectedResource } from './protected-resource.js';
import { signedOf, upstreamOf } from './prepare-signed.js';
import { tokenSourcesOf } from './token-sources.js';

/** What preparing the callers needs from outside. */
interface CallersContext extends CallerContext {
  /** Place of the list; where something was refused below it, the result must not be used. */
  readonly place: Place;
  readonly pause: Pause;
}

/** Checks all registrations and makes them ready for {@link Callers.replace}. */
export async function prepareCallers(
  callers: readonly CallerSection[],
  { place, pause, ...context }: CallersContext,
): Promise<readonly PreparedCaller[]> {
  for (const [, method] of eachMethod) refuseShared(method, callers, place);
  return eachWithPauses(callers, pause, (section, i) => prepareCaller(section, place.at(i), context));
}

/** Callers with the same term of a method could not be distinguished. */
function refuseShared(method: CallerMethod, callers: readonly CallerSection[], place: Place): void {
  const { unique, key } = method;
  if (!unique) return;
  const terms = callers.map((caller, i) => {
    const given = sectionOf(method, caller);
    return { text: given === undefined ? undefined : unique.of(given), place: place.at(i).at(key).at(unique.at) };
  });
  refuseRepeated(terms, unique.expected);
}

/** What else of the configuration a caller depends on. */
interface CallerContext extends Omit<MethodContext, 'clientId'> {
  /** Keys of our own; absent: answers are not signed. */
  readonly signing?: SigningSection | undefined;
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
  checkRevoke(section, place);
  const methods = prepareMethods(section, place, context);
  const tokenFrom = tokenSourcesOf(section.tokenFrom, place.at('tokenFrom'));
  const proofs = section.proofs && prepareProofs(section.proofs, place.at('proofs'), section.proxy);
  const resource = resourceOf(section, place);
  const scopeImplies = section.scopeImplies && ScopeHierarchy.from(section.scopeImplies, place.at('scopeImplies'));
  const signed = signedOf(section, resource?.identifier ?? section.id, { place, signing: context.signing });
  const upstream = upstreamOf(section, { place, signing: context.signing });
  if (!place.isSound) return undefined;
  const terms = { resource, scopeImplies, tokenFrom, upstream, proofs };
  const proxy = section.proxy ? profileOf(section, terms) : undefined;
  const caller = callerOf(section, { dpop: proofs?.dpop, signed });
  return { caller, methods, rateLimit: section.rateLimit, proxy };
}

/** What the caller registered for each method. */
function prepareMethods(section: CallerSection, place: Place, context: CallerContext): Registrations {
  const ofCaller = { ...context, clientId: section.id };
  return forEachMethod((method) => {
    const given = sectionOf(method, section);
    return given === undefined ? undefined : method.prepare(given, place.at(method.key), ofCaller);
  }) as Registrations;
}

function profileOf(
  { resourceMetadata: elsewhere, allowPreflight = false }: CallerSection,
  {
    resource,
    scopeImplies,
    tokenFrom,
    upstream,
    proofs,
  }: Pick<ProxyProfile, 'resource' | 'scopeImplies' | 'tokenFrom' | 'upstream' | 'proofs'>,
): ProxyProfile {
  const resourceMetadata = elsewhere ?? resource?.documentUrl;
  return {
    ...(resource && { resource }),
    ...(scopeImplies && { scopeImplies }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
    ...(tokenFrom && { tokenFrom }),
    ...(proofs && { proofs }),
    ...(upstream && { upstream }),
    allowPreflight,
  };
}

/** Settings that mean nothing without a proxy. */
const forProxies = ['resource', 'resourceMetadata', 'scopeImplies', 'tokenFrom', 'allowPreflight', 'upstream'] as const;

/** Settings for proxies need some; what a challenge names must be fit for a quoted string. */
function checkProxy(section: CallerSection, place: Place): void {
  const { proxy, resourceMetadata } = section;
  const idle = forProxies.filter((key) => section[key]);
  if (!proxy && idle.length > 0) place.refuse(`${idle.join(', ')} without proxy: true`, 'both, or none of them');
  if (resourceMetadata === undefined) return;
  const url = readKeyUrl(resourceMetadata, { allowPrivate: true });
  const found = typeof url === 'string' ? url : resourceMetadata.includes('"') ? 'a quote in the URL' : undefined;
  if (found !== undefined) place.at('resourceMetadata').refuse(found, 'an https URL');
}

/** A resource takes the tokens that were issued for it alone: otherwise what another resource was given opens it, too. */
function resourceOf({ resource, audiences }: CallerSection, place: Place): ProtectedResource | undefined {
  if (resource === undefined) return undefined;
  if (audiences === 'any')
    place.at('audiences').warn('any, beside resource', 'the audiences of tokens that are issued for this resource');
  return prepareResource(resource, place.at('resource'));
}

/** Whoever may see tokens for every audience has none that are its own. */
function checkRevoke({ revoke, audiences }: CallerSection, place: Place): void {
  if (revoke !== 'audience' || audiences !== 'any') return;
  place.at('revoke').refuse('audience, beside audiences: any', 'audiences written out, or revoke: any');
}

function checkMethods(section: CallerSection, place: Place): void {
  if (section.proxy || eachMethod.some(([, method]) => sectionOf(method, section) !== undefined)) return;
  const keys = eachMethod.map(([, { key }]) => key).join(', ');
  place.refuse('no way to authenticate', `at least one of ${keys}`);
}

function callerOf(
  section: CallerSection,
  { dpop, signed }: { readonly dpop: Caller['dpop']; readonly signed: Caller['signed'] },
): Caller {
  const { id, issuers, audiences, require, claims, revoke = 'none', answer = 'full' } = section;
  const { readsIssuerId = false } = section;
  const members = grantedMembers(claims);
  return {
    id,
    issuers: grantOf(issuers),
    audiences: grantOf(audiences),
    ...(require && { require: require.map(compileRule) }),
    claims: grantOfClaims(claims),
    ...(members && { members }),
    revoke,
    answer,
    readsIssuerId,
    ...(dpop && { dpop }),
    ...(signed && { signed }),
  };
}

function checkId(id: string, place: Place): void {
  if (id.length > 0 && id.length <= MAX_ID_LENGTH && !hasControlCharacter(id)) return;
  place.refuse(`${id.length} characters`, `1 to ${MAX_ID_LENGTH} printable characters`);
}

function grantOf(names: readonly string[] | 'any'): Grant {
  return names === 'any' ? 'any' : new Set(names);
}
