import { grants, type Caller } from '../../callers/caller.js';
import { stepsTo, type ClaimName } from '../../claims/claim-name.js';
import type { NamedClaim } from '../../claims/claim-names.js';
import type { Issuer } from '../../issuers/issuer.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { registrationOf } from '../../issuers/subject-scope.js';
import type { DecisionEvent } from '../../revocation/events/recent-events.js';
import { cutOffKinds, type Revocation } from '../../revocation/tokens/revocation.js';
import type { JsonObject } from '../../shared/json-value.js';
import { mayDisclose } from '../disclosure.js';

/** Whether `caller` may see an event: of decisions about tokens of issuers that it may ask about, and of no others. */
export function maySee({ issuers }: Pick<Caller, 'issuers'>, { registration }: DecisionEvent): boolean {
  return grants(issuers, registration);
}

/** An event, with what this caller may see of it. Never who decided, nor why. */
export function eventAnswer(
  event: DecisionEvent,
  { claims, answer }: Pick<Caller, 'claims' | 'answer'>,
  issuers: Pick<IssuerRegistry, 'byId' | 'all'>,
): JsonObject {
  const { seq, registration: issuer } = event;
  if ('key' in event) {
    const { issuerId, thumbprint, verdict } = event.key;
    return { seq, kind: 'key', verdict, issuer, ...issOf(issuers.byId(issuerId)), key: thumbprint };
  }
  const { kind, verdict, digest, before } = event.revocation;
  const registered = issuers.byId(issuer) ?? issuers.all().find((each) => registrationOf(each) === issuer);
  const claim = registered && claimOf(kind, registered);
  return {
    seq,
    kind,
    verdict,
    issuer,
    ...(registered?.tenantOf ? {} : issOf(registered)),
    // Whoever may not see the claim could find out by guessing whom it is about.
    ...(claim &&
      answer !== 'minimal' &&
      mayRead(claims, claim.claim) && { claim: claim.text, digest: digest.toString('base64url') }),
    ...(cutOffKinds.has(kind) && { before }),
  };
}

/** The one `iss` of its tokens, where there is one. */
function issOf(issuer: Issuer | undefined): JsonObject {
  const hasOne = issuer && !issuer.template && issuer.spiffe?.hasIssuer !== false;
  return hasOne ? { iss: issuer.issuer } : {};
}

/** What names the thing that a decision is about, in answers of introspection; `undefined` where it is all tokens of the issuer. */
function claimOf(kind: Revocation['kind'], { names }: Issuer): Pick<NamedClaim, 'claim' | 'text'> | undefined {
  switch (kind) {
    case 'token':
      return names.tokenIdClaim;
    case 'session':
      return names.sessionClaim;
    case 'subject':
      return names.subjectClaim;
    case 'client':
      return { claim: 'client_id', text: 'client_id' };
    case 'issuer':
      return undefined;
  }
}

/** Of a claim within an object the whole object must be granted. */
function mayRead(grant: Caller['claims'], claim: ClaimName): boolean {
  const [first = ''] = stepsTo(claim);
  return mayDisclose(grant, first);
}
