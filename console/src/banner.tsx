// The first thing to read at night: whether all is well, who does not agree, since when, and what to do first.
import type { Overview } from './api.ts';
import type { RegionsAnswer } from './regions-api.ts';
import { clockTime, count, inStates } from './format.ts';
import { Runbook } from './documents.tsx';
import { Moment, Shown } from './parts.tsx';
import type { Answered } from './use-answer.ts';

export function Banner({
  overview,
  regions,
}: {
  readonly overview: Answered<Overview>;
  readonly regions: RegionsAnswer | undefined;
}) {
  return (
    <section class="banner-place" aria-label="Is all well?">
      <Shown of={overview}>{(answer) => <Sentence {...withRegions(answer, regions)} />}</Shown>
    </section>
  );
}

/** What is wrong in this region comes first; where nothing is, what is wrong with another one, or that all agree. */
function withRegions(own: Overview, regions: RegionsAnswer | undefined): Overview & { readonly elsewhere: number } {
  const elsewhere = regions?.findingCount ?? 0;
  if (!regions || regions.regions.length < 2 || !own.isHealthy) return { ...own, elsewhere };
  const { isHealthy, sentence, since, firstStep, runbook } = regions;
  const about = {
    ...(since !== undefined && { since }),
    ...(firstStep !== undefined && { firstStep }),
    ...(runbook !== undefined && { runbook }),
  };
  return { ...own, isHealthy, sentence, ...about, elsewhere: Math.max(0, elsewhere - 1) };
}

function Sentence({
  isHealthy,
  sentence,
  since,
  firstStep,
  runbook,
  further,
  elsewhere,
  issuers,
}: Overview & { readonly elsewhere: number }) {
  return (
    <div class={`banner ${isHealthy ? 'good' : 'bad'}`}>
      <p class="sentence" role="status">
        <span class="sign" aria-hidden="true">
          {isHealthy ? '✓' : '!'}
        </span>
        {sentence}.
      </p>
      {since !== undefined && (
        <p>
          Since {clockTime(since)} (<Moment at={since} />
          ).
        </p>
      )}
      {firstStep !== undefined && (
        <p>
          <strong>First:</strong> {firstStep} {runbook !== undefined && <Runbook place={runbook} />}
        </p>
      )}
      {further !== undefined && (
        <p>
          <a href="#/troubles">{count(further, 'further finding')}</a>
        </p>
      )}
      {elsewhere > 0 && (
        <p>
          <a href="#/regions">{count(elsewhere, 'further finding')} about regions</a>
        </p>
      )}
      <p class="muted-text">
        {count(issuers.total, 'issuer')}: {inStates(issuers.states)}
      </p>
    </div>
  );
}

/** Everything that is not as it should be. */
export function Troubles({ overview }: { readonly overview: Answered<Overview> }) {
  return (
    <section>
      <h1>Findings</h1>
      <Shown of={overview}>
        {({ troubles, troubleCount }) =>
          troubles.length === 0 ? (
            <p>Nothing: all replicas agree, and all keys are as they should be.</p>
          ) : (
            <>
              <ol class="findings">
                {troubles.map((each) => (
                  <li key={`${each.kind} ${each.issuer ?? ''} ${each.replicas.join()}`}>
                    <p>
                      <strong>{each.says}.</strong> {each.since !== undefined && <Moment at={each.since} />}
                    </p>
                    <p>
                      {each.firstStep} {each.runbook !== undefined && <Runbook place={each.runbook} />}
                    </p>
                    {each.issuer !== undefined && (
                      <a href={`#/issuers/${encodeURIComponent(each.issuer)}`}>Show {each.issuer}</a>
                    )}
                  </li>
                ))}
              </ol>
              {troubleCount > troubles.length && (
                <p>{count(troubleCount - troubles.length, 'more finding')} are not shown.</p>
              )}
            </>
          )
        }
      </Shown>
    </section>
  );
}
