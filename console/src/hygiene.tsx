// What nobody rotates, uses or ends: what an auditor of machine identities asks, by kind.
import { admin } from './api.ts';
import { clockTime, count } from './format.ts';
import type { HygieneFinding, HygieneView } from './hygiene-api.ts';
import { SeenOfIssuers } from './hygiene-seen.tsx';
import { hygieneTitles } from './hygiene-titles.ts';
import { Moment, Shown } from './parts.tsx';
import { useAnswer } from './use-answer.ts';

export function Hygiene() {
  const hygiene = useAnswer<HygieneView>(admin('hygiene'));
  return (
    <section>
      <h1>Hygiene</h1>
      <Shown of={hygiene}>{(answer) => <Report {...answer} />}</Shown>
    </section>
  );
}

function Report({ watch, findings, findingCount, undecided, undecidedCount, seen }: HygieneView) {
  return (
    <>
      <p class="muted-text">
        {count(watch.issuers, 'issuer')}, {count(watch.callers, 'caller')} and {count(watch.admins, 'admin token')}
        {watch.since !== undefined && `, watched since ${clockTime(watch.since)}`}.
        {watch.notWatched !== undefined && ` ${watch.notWatched.toLocaleString('en')} more are not watched.`}
      </p>
      {watch.isShared === false && (
        <p class="note bad">Redis does not answer this replica: what other replicas see is missing here now.</p>
      )}
      {findings.length === 0 && (
        <p>Nothing was found: what is not used, not rotated or near its end would be shown here.</p>
      )}
      {Object.entries(hygieneTitles).map(([kind, title]) => (
        <Kind key={kind} title={title} findings={findings.filter((each) => each.kind === kind)} />
      ))}
      {findingCount > findings.length && <p>{count(findingCount - findings.length, 'more finding')} are not shown.</p>}
      {undecided.length > 0 && (
        <details class="later">
          <summary>{undecidedCount.toLocaleString('en')} not decided yet: watched too briefly</summary>
          <List of={undecided} />
          {undecidedCount > undecided.length && <p>The others are not shown.</p>}
        </details>
      )}
      <SeenOfIssuers of={seen} />
    </>
  );
}

/** What there is of one kind, with what to do: that is the same for all of them. */
function Kind({ title, findings }: { readonly title: string; readonly findings: readonly HygieneFinding[] }) {
  const [first] = findings;
  if (!first) return null;
  return (
    <section>
      <h2>
        {title} ({findings.length.toLocaleString('en')})
      </h2>
      <p>{first.firstStep}</p>
      <List of={findings} />
    </section>
  );
}

function List({ of }: { readonly of: readonly HygieneFinding[] }) {
  return (
    <ul class="findings">
      {of.map(({ says, issuer, thumbprint, ends, lastUse }) => (
        <li key={[says, thumbprint, ends].join(' ')}>
          {says}. {lastUse !== undefined && <Moment at={lastUse} />}
          {thumbprint !== undefined && (
            <div>
              <code class="break">{thumbprint}</code>
            </div>
          )}
          {issuer !== undefined && (
            <div>
              <a href={`#/issuers/${encodeURIComponent(issuer)}`}>Show {issuer}</a>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
