// Whether an issuer answers about its opaque tokens.
import type { UpstreamView } from './api.ts';
import { duration } from './format.ts';
import { Badge, Moment } from './parts.tsx';

/** Whether the issuer answers questions about tokens that only it can read, as the replica knows that shows this page. */
export function OpaqueTokens({ upstream }: { readonly upstream: UpstreamView }) {
  const { breaker, retryInSeconds = 0, inFlight, lastSuccess, lastError, since, asked, hitRatio } = upstream;
  return (
    <>
      <h2>Opaque tokens, asked about here</h2>
      <dl class="facts">
        <dt>The issuer is</dt>
        <dd>
          {breaker === 'closed' ? <Badge word="asked" tone="good" /> : <Badge word="given up" tone="bad" />}
          {breaker === 'open' &&
            (retryInSeconds > 0
              ? ` the next question may go out in ${duration(retryInSeconds)}`
              : ' the next question tries')}
        </dd>
        <dt>Last answer</dt>
        <dd>{lastSuccess === undefined ? 'none yet' : <Moment at={lastSuccess} />}</dd>
        {lastError && (
          <>
            <dt>Last failure</dt>
            <dd class="error-text">
              {lastError.category}, <Moment at={lastError.at} />
            </dd>
          </>
        )}
        <dt>Questions</dt>
        <dd>
          {asked} since <Moment at={since} />, {inFlight} under way
        </dd>
        {hitRatio !== undefined && (
          <>
            <dt>Tokens that needed none</dt>
            <dd>{(hitRatio * 100).toFixed(1)} %</dd>
          </>
        )}
      </dl>
    </>
  );
}
