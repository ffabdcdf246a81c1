// The first thing to read at night: whether all is well, who does not agree, since when, and what to do first.
import type { Overview } from './api.ts';
import { clockTime, count } from './format.ts';
import { Moment, Shown } from './parts.tsx';
import type { Answered } from './use-answer.ts';

export function Banner({ overview }: { readonly overview: Answered<Overview> }) {
  return (
    <section class="banner-place" aria-label="Is all well?">
      <Shown of={overview}>{(answer) => <Sentence {...answer} />}</Shown>
    </section>
  );
}

function Sentence({ isHealthy, sentence, since, firstStep, further, issuers }: Overview) {
  const states = Object.entries(issuers.states).map(([state, n]) => `${n.toLocaleString('en')} ${state}`);
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
          <strong>First:</strong> {firstStep}
        </p>
      )}
      {further !== undefined && (
        <p>
          <a href="#/troubles">{count(further, 'further finding')}</a>
        </p>
      )}
      <p class="muted-text">
        {count(issuers.total, 'issuer')}: {states.join(', ')}
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
                    <p>{each.firstStep}</p>
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
