import { inChildSpan } from '../../telemetry/tracing/child-span.js';
import { KeyFetchFailure } from './key-fetch-failure.js';
import { KeySource, type Observation, type Validators } from './key-source.js';

/** Shows a fetch from an issuer in the trace of the request, or of the schedule, that it is made for; its HTTP requests are below it. */
export class TracedKeySource extends KeySource {
  /** @param issuerId short id of the issuer */
  constructor(
    private readonly source: KeySource,
    private readonly issuerId: string,
  ) {
    super();
  }

  override fetch(known: Validators | undefined, signal: AbortSignal): Promise<Observation> {
    const terms = {
      name: 'fetch keys',
      attributes: { 'assay.issuer': this.issuerId },
      outcome: ({ kind }: Observation) => ({ 'assay.result': kind }),
      failure: (error: unknown) => KeyFetchFailure.of(error).category,
    } as const;
    return inChildSpan(terms, () => this.source.fetch(known, signal));
  }
}
