/**
 * Whom an event is about (RFC 9493, Shared Signals 1.0 §3), as far as tokens can be found by it. What is not understood never makes a
 * decision wider than what was told: it makes none.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../shared/json-value.js';

/** What tokens are found by. */
export interface SubjectTarget {
  readonly kind: 'token' | 'session' | 'subject' | 'email';
  readonly value: string;
}

/** A subject that tokens can be found by. */
export interface FoundSubject {
  readonly target: SubjectTarget;
  /** The event is about a part of what `target` finds, as one device of a user: tokens do not tell which. */
  readonly isPart: boolean;
}

/** Why nothing is done for a subject. A fixed set: it is a label of a metric. */
export const discardReasons = [
  'critical_member', // a member that the transmitter calls critical, and that is not understood
  'foreign_issuer', // it names a user of an issuer that this transmitter may not speak for
  'foreign_tenant', // or of another tenant
  'format_not_understood',
  'only_a_part', // it is about less than tokens can be found by
  'malformed',
] as const;

/** One of {@link discardReasons}. */
export type DiscardReason = (typeof discardReasons)[number];

/** How the subjects of one token are read. */
export interface SubjectTerms {
  /** `iss` of the token that tells of them: the only issuer whose users it may name. */
  readonly iss: string;
  /** The tenant of `iss`, where the registration is for many. */
  readonly tenant?: string | undefined;
  /** What an identifier is that says nothing about itself. */
  readonly opaqueIs?: 'sid' | undefined;
  /** Whether tokens can be found by an address. */
  readonly hasEmailClaim: boolean;
  /** Members of complex subjects that must be understood, or nothing be done (Shared Signals 1.0 §7.1). */
  readonly criticalMembers: ReadonlySet<string>;
}

/** Members of complex subjects that make them narrower (§3.3), and that no token tells anything about. */
const narrowing: ReadonlySet<string> = new Set(['device', 'application', 'group', 'org_unit']);

/** @returns what tokens are found by, or why they cannot be */
export function readSubject(subject: JsonObject, terms: SubjectTerms): FoundSubject | DiscardReason {
  if (subject['format'] === 'complex') return new ComplexSubject(subject, terms).read();
  const target = simpleTarget(subject, terms);
  return typeof target === 'string' ? target : { target, isPart: false };
}

function simpleTarget(subject: JsonObject, terms: SubjectTerms): SubjectTarget | DiscardReason {
  switch (subject['format']) {
    case 'iss_sub':
      return ofIssuer(subject, 'sub', 'subject', terms);
    case 'jwt_id':
      return ofIssuer(subject, 'jti', 'token', terms);
    case 'email':
      return terms.hasEmailClaim ? address(subject['email']) : 'format_not_understood';
    case 'opaque':
      return terms.opaqueIs === 'sid' ? named(subject['id'], 'session') : 'format_not_understood';
    default:
      // account, phone_number, did, uri, aliases, saml_assertion_id: no claim of a token is held to say the same.
      return 'format_not_understood';
  }
}

/** A name that means something within its issuer alone. */
function ofIssuer(
  subject: JsonObject,
  member: 'sub' | 'jti',
  kind: 'subject' | 'token',
  { iss }: SubjectTerms,
): SubjectTarget | DiscardReason {
  if (typeof subject['iss'] !== 'string') return 'malformed';
  return subject['iss'] === iss ? named(subject[member], kind) : 'foreign_issuer';
}

function named(value: JsonValue | undefined, kind: SubjectTarget['kind']): SubjectTarget | DiscardReason {
  return typeof value === 'string' && value !== '' ? { kind, value } : 'malformed';
}

function address(value: JsonValue | undefined): SubjectTarget | DiscardReason {
  return named(typeof value === 'string' ? foldedEmail(value) : value, 'email');
}

/** Addresses are compared without regard to case: whoever is not sure that two are the same must not let the token pass. */
function foldedEmail(email: string): string {
  return email.toLowerCase();
}

/** All members describe the same one together (Shared Signals 1.0 §3.3). */
class ComplexSubject {
  constructor(
    private readonly subject: JsonObject,
    private readonly terms: SubjectTerms,
  ) {}

  read(): FoundSubject | DiscardReason {
    const user = this.targetOf('user');
    const session = this.targetOf('session');
    const tenant = this.doubtAboutTenant();
    const refusal = this.refuse(
      new Map([
        ['user', user],
        ['session', session],
        ['tenant', tenant],
      ]),
    );
    if (refusal !== undefined) return refusal;
    // The session, where there is one: it is the narrower, and whose it is follows from it.
    const target = typeof session === 'object' ? session : user;
    if (target === undefined) return typeof session === 'string' ? session : 'only_a_part';
    if (typeof target === 'string') return target;
    const isPart = [user, session, tenant].some((each) => typeof each === 'string') || this.isNarrowed;
    return { target, isPart };
  }

  /** @param understood what became of the members that can be; a text is why it could not */
  private refuse(
    understood: ReadonlyMap<string, SubjectTarget | DiscardReason | undefined>,
  ): DiscardReason | undefined {
    const reasons = new Set([...understood.values()].filter((each) => typeof each === 'string'));
    const worst = (['malformed', 'foreign_issuer', 'foreign_tenant'] as const).find((each) => reasons.has(each));
    if (worst) return worst;
    const members = Object.keys(this.subject).filter((member) => member !== 'format');
    const isUnderstood = (member: string): boolean =>
      understood.has(member) && typeof understood.get(member) !== 'string';
    const { criticalMembers } = this.terms;
    if (members.some((member) => criticalMembers.has(member) && !isUnderstood(member))) return 'critical_member';
    // What a member of another name means, nobody knows: perhaps somebody else.
    const isUnheardOf = members.some((member) => !understood.has(member) && !narrowing.has(member));
    return isUnheardOf ? 'format_not_understood' : undefined;
  }

  private get isNarrowed(): boolean {
    return Object.keys(this.subject).some((member) => narrowing.has(member));
  }

  private targetOf(member: 'user' | 'session'): SubjectTarget | DiscardReason | undefined {
    const value = this.subject[member];
    if (value === undefined) return undefined;
    if (!isJsonObject(value) || typeof value['format'] !== 'string') return 'malformed';
    if (member === 'session') {
      return value['format'] === 'opaque' ? named(value['id'], 'session') : 'format_not_understood';
    }
    // An opaque user is none that a token tells of, whatever opaque subjects of this stream are.
    return simpleTarget(value, { ...this.terms, opaqueIs: undefined });
  }

  /** The tenant is known by `iss`; where the registration is for one, nothing is known about tenants. */
  private doubtAboutTenant(): DiscardReason | undefined {
    const value = this.subject['tenant'];
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) return 'malformed';
    if (this.terms.tenant === undefined) return 'format_not_understood';
    const isOpaque = value['format'] === 'opaque';
    if (!isOpaque) return 'format_not_understood';
    return value['id'] === this.terms.tenant ? undefined : 'foreign_tenant';
  }
}
