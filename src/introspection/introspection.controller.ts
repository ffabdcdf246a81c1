/** The endpoint of RFC 7662 over HTTP. */
import { Controller, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { Caller } from '../callers/caller.js';
import { OAuthError } from '../transport/oauth-error.js';
import { whenKnown } from '../shared/when-known.js';
import { VerdictRecorder } from './verdicts/verdict-recorder.js';
import { answerIn, jsonAnswer } from './introspection-answer.js';
import { Introspector, type IntrospectionResult } from './introspector.js';
import { ProofIntrospector } from './proof-introspector.js';
import type { RequestReport } from '../transport/request-report.js';
import type { IntrospectionForm } from './introspection-form.js';
import { isSignedFor, signedAnswerType } from './signed/answer-form.js';
import { AnswerSigner } from './signed/answer-signer.js';
import { SignedAnswerFilter } from './signed/signed-answer.filter.js';
import type { HttpRequest } from '../transport/http/http-request.js';
import type { HttpResponse } from '../transport/http/http-response.js';

/** The one answer for every token that is not good, whatever the reason (INV-02). */
const inactive = '{"active":false}';

/** A request after the guards. */
interface AuthenticatedRequest extends Pick<HttpRequest, 'headers'> {
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
    private readonly signer: AnswerSigner,
  ) {}

  /**
   * @returns JSON; always that, whatever `Accept` says (X21), unless the caller is registered for signed answers. As text, which leaves
   *   together with the head of the answer; octets would be a second piece for the kernel.
   */
  @Post('introspect')
  @HttpCode(200)
  @UseFilters(SignedAnswerFilter)
  introspect(
    @Req() { caller, body, report, headers }: AuthenticatedRequest,
    @Res({ passthrough: true }) response: HttpResponse,
  ): string | Promise<string> {
    report.authenticated(caller);
    if (body?.token === undefined) throw new OAuthError('invalid_request', 'the token parameter is missing');
    const { signed } = caller;
    const isSigned = isSignedFor(signed, headers.accept);
    const { token, handedOn, issuerHint } = body;
    const judged = handedOn
      ? this.withProofs.introspect(token, caller, handedOn, issuerHint)
      : this.introspector.introspect(token, caller, undefined, undefined, issuerHint);
    return whenKnown(judged, (result) => {
      const answer = this.answerTo(caller, result, report);
      if (!isSigned) return answer;
      response.setHeader('content-type', signedAnswerType);
      return this.signer.sign(answer, signed, report.requestId);
    });
  }

  private answerTo(caller: Caller, result: IntrospectionResult, report: RequestReport): string {
    if (!result.active) {
      report.rejected(result.rejection);
      this.decisions.refused('introspect', caller, result.rejection, report);
      return inactive;
    }
    report.accepted(result.issuer.id);
    this.decisions.allowed('introspect', caller, result, report);
    return answerIn(result, jsonAnswer);
  }
}
