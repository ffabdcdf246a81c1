import type { Issuer } from '../../issuers/issuer.js';
import type { IntrospectionStep } from '../../introspection/introspector.js';
import { idOf } from '../../revocation/tokens/revocation.js';
import type { Witness } from '../../shared/witness.js';
import { maskText } from '../../telemetry/mask.js';
import type { Course, StepDetail, StepName } from './explanation.js';
import type { KeyLookup } from './key-lookup.js';
import { upstreamStepView } from './upstream-views.js';
import { headerView, rightsView, ruleView, suitabilityView, type IssuerSuggestions } from './step-views.js';

/** What {@link CourseWitness} adds to the steps that it sees. */
export interface WitnessTools {
  readonly keys: KeyLookup;
  readonly near: IssuerSuggestions;
}

/** Follows one token through its verdict and keeps what an operator wants to read. Judges nothing. */
export class CourseWitness implements Witness<IntrospectionStep>, Course {
  last: StepName = 'token';
  readonly details = new Map<StepName, StepDetail>();

  constructor(private readonly tools: WitnessTools) {}

  saw(step: IntrospectionStep): void {
    switch (step.step) {
      case 'header':
        this.record('token', headerView(step.members));
        return;
      case 'issuer':
        this.record('issuer', {
          ...(step.iss !== undefined && { iss: maskText(step.iss) }),
          ...(step.issuer ? issuersView(step.issuer, step.namesakes) : { near: this.tools.near(step.iss ?? '') }),
        });
        return;
      case 'suitability':
        this.record('header', suitabilityView(step.issuer, step.header));
        return;
      case 'keys_known':
        this.recordKeys(step.issuer, this.tools.keys.known(step.issuer, step.keys));
        return;
      case 'plausibility':
        this.record('plausibility', { rules: [] });
        return;
      case 'fetch':
        this.tools.keys.fetchBegins(step.issuer);
        this.record('look', {});
        return;
      case 'keys_found':
        this.record('look', this.tools.keys.fetchEnded(step.keys));
        return;
      case 'signature':
        this.record('signature', { tried: [] });
        return;
      case 'key_tried':
        this.append('signature', 'tried', { thumbprint: step.thumbprint, isSigner: step.isSigner });
        return;
      case 'signer':
        this.record('signature', { issuer: step.issuer.id });
        return;
      case 'route':
        this.record('route', { ...(step.issuer && { issuer: step.issuer.id, rule: step.rule }) });
        return;
      case 'upstream':
      case 'recheck':
        this.record(step.step, upstreamStepView(step));
        return;
      case 'denial':
        this.record('denial', { thumbprint: step.thumbprint, ...this.tools.keys.denial(step.issuer, step.thumbprint) });
        return;
      case 'revocation':
        this.record('revocation', step.found ? { decision: { kind: step.found.kind, id: idOf(step.found) } } : {});
        return;
      case 'claims':
        this.record('claims', { rules: [] });
        return;
      case 'rule':
        this.append(this.last, 'rules', ruleView(step));
        return;
      case 'rights':
        this.record('rights', rightsView(step));
    }
  }

  /** There are no keys that may be trusted, and so no verdict. */
  sawNoKeys(): void {
    this.record('look', this.tools.keys.fetchEnded(undefined));
  }

  /** Begins a step, or says more about it. */
  record(step: StepName, detail: StepDetail): void {
    this.last = step;
    this.details.set(step, { ...this.details.get(step), ...detail });
  }

  /** Where several issuers have the name, the keys of each of them stand apart. */
  private recordKeys(issuer: Issuer, detail: StepDetail): void {
    if (this.details.get('issuer')?.['issuers'] === undefined) this.record('keys', detail);
    else this.record('keys', { [issuer.id]: detail });
  }

  private append(step: StepName, list: 'rules' | 'tried', member: StepDetail): void {
    const detail = this.details.get(step);
    const members = (detail?.[list] ?? []) as readonly StepDetail[];
    this.details.set(step, { ...detail, [list]: [...members, member] });
  }
}

/** Which issuer has the name; of several, the key that signed the token will say. */
function issuersView({ id }: Issuer, namesakes: readonly Issuer[] = []): StepDetail {
  return namesakes.length > 0 ? { issuers: namesakes.map((each) => each.id) } : { issuer: id };
}
