import { grants, type Caller } from '../../callers/caller.js';
import type { CallerDirectory } from '../../callers/registration/caller-directory.js';
import { whereRead } from '../../claims/claim-names.js';
import { introspectionAnswer } from '../../introspection/introspection-answer.js';
import type { Active, Introspector } from '../../introspection/introspector.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import { presetHints } from '../../issuers/presets/preset-hints.js';
import { KeysUnavailable } from '../../keys/key-resolver.js';
import { closest } from '../../shared/configuration/closest.js';
import { Unavailable } from '../../shared/unavailable.js';
import type { Host } from '../../telemetry/host.js';
import { maskText } from '../../telemetry/mask.js';
import type { Rejection } from '../../tokens/rejection.js';
import { AdminProblem } from '../admin-problem.js';
import { auditedAs, type Admin } from '../admin-tokens.js';
import type { ExplainInput } from '../inputs.js';
import { iso } from '../time-view.js';
import { CourseWitness } from './course-witness.js';
import { explainedSteps, refusalView, type Ending, type StepDetail } from './explanation.js';
import { KeyLookup, type KeyLookupParts } from './key-lookup.js';
import { scopesView } from './scopes-view.js';
import { disclosureGrantView } from './step-views.js';

/** What {@link Explainer} works with. */
export interface ExplainerParts extends KeyLookupParts {
  readonly introspector: Introspector;
  readonly callers: CallerDirectory;
  readonly issuers: IssuerRegistry;
}

/** What is judged. */
interface Question {
  readonly token: string;
  readonly caller: Caller;
  /** Scopes that a proxy would ask for. */
  readonly needed: readonly string[];
}

/** What came of judging a token before an operator's eyes. */
interface Verdict {
  readonly ending: Ending;
  readonly detail: StepDetail;
}

/**
 * Explains to an operator how a token is judged for a caller, by judging it: the verdict is the introspector's, watched. No
 * endpoint of callers takes part, so no rate is charged and no decision is recorded; a fetch costs what it costs any request.
 */
export class Explainer {
  constructor(
    private readonly parts: ExplainerParts,
    private readonly host: Pick<Host, 'clock' | 'audit'>,
  ) {}

  /** @throws {AdminProblem} 404; never for what is wrong with the token, nor for keys that cannot be known */
  async explain(
    admin: Admin,
    { token, caller: callerId, scope }: Pick<ExplainInput, 'token' | 'caller' | 'scope'>,
  ): Promise<StepDetail> {
    const caller = this.callerOf(callerId);
    const { issuers } = this.parts;
    const { clock } = this.host;
    const at = iso(clock.wallMs());
    const tools = { keys: new KeyLookup(this.parts, clock), near: (iss: string) => nearIssuers(issuers, iss) };
    const witness = new CourseWitness(tools);
    const { ending, detail } = await this.judge({ token, caller, needed: scope?.split(' ') ?? [] }, witness);
    const issuer =
      witness.details.get('issuer')?.['issuer'] ??
      witness.details.get('signature')?.['issuer'] ??
      witness.details.get('route')?.['issuer'];
    const about = {
      caller: caller.id,
      ...(issuer === undefined ? {} : { issuer }),
      tokenHash: this.host.audit.hashOf(token),
    };
    this.write(admin, { ...about, verdict: ending, ...codeOf(detail), result: 'done' });
    return { caller: caller.id, at, verdict: ending, ...detail, steps: explainedSteps(witness, ending) };
  }

  private async judge({ token, caller, needed }: Question, witness: CourseWitness): Promise<Verdict> {
    try {
      const result = await this.parts.introspector.introspect(token, caller, witness);
      if (!result.active) {
        const { last } = witness;
        const hints = this.hintsAbout(result.rejection, witness);
        const rejection = { ...refusalView(result.rejection), step: last, ...(hints.length > 0 && { hints }) };
        return { ending: 'inactive', detail: { rejection } };
      }
      const hierarchy = this.parts.callers.byId(caller.id)?.proxy?.scopeImplies;
      const scopes = scopesView(result, needed, hierarchy);
      if (scopes) witness.record('rights', { scopes });
      witness.record('disclosure', disclosureView(result));
      return { ending: 'active', detail: {} };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (error instanceof KeysUnavailable) witness.sawNoKeys();
      const what = error instanceof KeysUnavailable ? 'the keys of the issuer are not available' : error.message;
      const cause = `${what}: the caller gets 503, or UNAVAILABLE`;
      return { ending: 'unknown', detail: { unavailable: { cause, retryAfterSeconds: error.retryAfterSeconds } } };
    }
  }

  private hintsAbout(rejection: Rejection, { details }: CourseWitness): readonly string[] {
    const iss = details.get('issuer')?.['iss'];
    const registered = this.parts.issuers.all();
    return presetHints(rejection, { registered, iss: typeof iss === 'string' ? iss : undefined });
  }

  /** @throws {AdminProblem} 404 */
  private callerOf(id: string): Caller {
    const caller = this.parts.callers.byId(id)?.caller;
    if (caller) return caller;
    const errors = [{ field: 'caller', detail: 'there is no caller with this id' }];
    throw new AdminProblem(404, 'caller_unknown', 'there is no caller with this id', { errors });
  }

  private write(admin: Admin, fields: StepDetail): void {
    this.host.audit.record('admin_explain', { ...auditedAs(admin), ...fields });
  }
}

function codeOf({ rejection }: StepDetail): StepDetail {
  return rejection === undefined ? {} : { reason: (rejection as { readonly code: unknown }).code };
}

/**
 * What the answer to this caller would show, and what else there is: names alone, the values are the caller's business. Of a claim
 * that is shown in part, the rest is withheld. With them, from which claims the members were read that tokens may have under several names.
 */
function disclosureView(result: Active): StepDetail {
  const { issuer, jwt, caller } = result;
  const shown = Object.keys(introspectionAnswer(result));
  const all = introspectionAnswer({ ...result, caller: { ...caller, claims: 'any' } });
  const names = new Set([...Object.keys(all), ...Object.keys(jwt.claims)]);
  const isPart = (name: string): boolean => caller.members?.has(name) === true && !grants(caller.claims, name);
  const withheld = [...names].filter((name) => !shown.includes(name) || isPart(name));
  return {
    shown: shown.map(maskText),
    withheld: withheld.map(maskText),
    granted: disclosureGrantView(caller),
    read: whereRead(jwt.claims, issuer.names),
  };
}

/** Most suggestions; more would be a list of everybody. */
const MOST_NEAR = 3;

/** Identifiers of registered issuers that are nearly `iss`: a slash too many, another case, another tenant of the same host. */
function nearIssuers(issuers: IssuerRegistry, iss: string): readonly string[] {
  const identifiers = issuers.all().map(({ issuer }) => issuer);
  const nearest = closest(iss, identifiers);
  const host = hostOf(iss);
  const neighbours = host === undefined ? [] : identifiers.filter((identifier) => hostOf(identifier) === host);
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...neighbours])].slice(0, MOST_NEAR);
}

function hostOf(identifier: string): string | undefined {
  return URL.parse(identifier)?.host;
}
