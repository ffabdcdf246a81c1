import { Controller, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import type { Caller } from '../callers/caller.js';
import { OAuthError } from '../transport/oauth-error.js';
import { stringifyJson } from '../shared/strict-json.js';
import { whenKnown } from '../shared/when-known.js';
import { VerdictRecorder } from './verdicts/verdict-recorder.js';
import { introspectionAnswer } from './introspection-answer.js';
import { Introspector } from './introspector.js';
import { ProofIntrospector } from './proof-introspector.js';
import type { RequestReport } from '../transport/request-report.js';
import type { IntrospectionForm } from './introspection-form.js';
import { SignedAnswerFilter } from './signed-answer.filter.js';

/** The one answer for every token that is not good, whatever the reason (INV-02). */
const inactive = '{"active":false}';

/** A request after the guards. */
interface AuthenticatedRequest {
  readonly caller: Caller;
  readonly report: RequestReport;
  readonly body?: IntrospectionForm;
}

/** `POST /introspect` (RFC 7662 §2). */
@Controller()
export class IntrospectionController {
  constructor(
    private readonly introspector: Introspector,
    private readonly withProofs: ProofIntrospector,
    private readonly decisions: VerdictRecorder,
  ) {}

  /**
   * @returns JSON; always that, whatever `Accept` says (X21). As text, which leaves together with the head of the answer; octets
   *   would be a second piece for the kernel.
   */
  @Post('introspect')
  @HttpCode(200)
  @UseFilters(SignedAnswerFilter)
  introspect(@Req() { caller, body, report }: AuthenticatedRequest): string | Promise<string> {
    report.authenticated(caller);
    if (body?.token === undefined) throw new OAuthError('invalid_request', 'the token parameter is missing');
    const { token, handedOn } = body;
    const judged = handedOn
      ? this.withProofs.introspect(token, caller, handedOn)
      : this.introspector.introspect(token, caller);
    return whenKnown(judged, (result) => {
      if (!result.active) {
        report.rejected(result.rejection);
        this.decisions.refused('introspect', caller, result.rejection);
        return inactive;
      }
      report.accepted(result.issuer.id);
      this.decisions.allowed('introspect', caller, result);
      return stringifyJson(introspectionAnswer(result));
    });
  }
}
