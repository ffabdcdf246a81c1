// All regions at once: which of them report, since when one does not, and in what they differ from this one.
import type { IssuerView } from './api.ts';
import type { IssuerInRegion, RegionFindingView, RegionsAnswer, RegionView } from './regions-api.ts';
import { Runbook } from './documents.tsx';
import { count, duration, inStates, secondsSince, short } from './format.ts';
import { AgeBar, Badge, Moment, ScrollTable, Shown } from './parts.tsx';
import type { Answered } from './use-answer.ts';

const stateWords = {
  reachable: ['reports', 'good'],
  unreachable: ['not reachable', 'bad'],
  refused: ['refuses our token', 'bad'],
  not_understood: ['not understood', 'bad'],
} as const;

const differenceWords: Readonly<Record<string, string>> = {
  denied_keys: 'denied key',
  keys: 'issuer with other keys',
  issuers: 'issuer in one of the two alone',
  registrations: 'issuer registered otherwise',
};

const head = ['Region', 'State', 'What it says', 'Replicas', 'Issuers', 'Denied keys', 'Differs from this one in'];

/** What a region is called here: one without a name is still a region. */
function regionName({ name, isOwn }: Pick<RegionView, 'name' | 'isOwn'>): string {
  return name === '' && isOwn ? 'this region' : name;
}

/** All regions but this one. */
export function othersIn(regions: RegionsAnswer | undefined): readonly RegionView[] {
  return (regions?.regions ?? []).filter(({ isOwn }) => !isOwn);
}

export function Regions({ regions }: { readonly regions: Answered<RegionsAnswer> }) {
  return (
    <section>
      <h1>Regions</h1>
      <Shown of={regions}>
        {(answer) => (
          <>
            <ScrollTable label="Regions" head={head}>
              {answer.regions.map((each) => (
                <Row key={each.name} region={each} />
              ))}
            </ScrollTable>
            <p class={answer.isComplete ? 'muted-text' : 'note bad'}>
              {answer.isComplete ? 'Complete' : 'Not complete'}: {answer.detail}.
            </p>
            <Findings findings={answer.findings} total={answer.findingCount} />
          </>
        )}
      </Shown>
    </section>
  );
}

function Row({ region }: { readonly region: RegionView }) {
  const { isOwn, sentence, version, configuration, replicas, issuers, deniedKeys, differences } = region;
  const differing = Object.entries(differences?.counts ?? {}).filter(([, n]) => n > 0);
  return (
    <tr class={region.state === 'reachable' ? '' : 'lost'}>
      <th scope="row">
        {regionName(region)}
        {isOwn && <div class="muted-text">you are asking this one</div>}
      </th>
      <td>
        <Presence region={region} />
      </td>
      <td>
        {region.state !== 'reachable' && sentence !== undefined && 'It said: '}
        {sentence ?? '—'}
        {version !== undefined && (
          <div class="muted-text">
            version {version}, configuration <code title={configuration}>{short(configuration ?? '')}</code>
          </div>
        )}
      </td>
      <td>{replicas === undefined ? '—' : `${replicas.live} of ${replicas.remembered} live`}</td>
      <td>{issuers === undefined ? '—' : `${issuers.total.toLocaleString('en')}: ${inStates(issuers.states)}`}</td>
      <td>{deniedKeys?.count ?? '—'}</td>
      <td>
        {isOwn || !differences
          ? '—'
          : differing.length === 0
            ? 'nothing'
            : differing.map(([what, n]) => <div key={what}>{count(n, differenceWords[what] ?? what)}</div>)}
      </td>
    </tr>
  );
}

function Presence({ region }: { readonly region: RegionView }) {
  const { state, isOwn, category, host, stage, notReachableSince, asOf } = region;
  const [word, tone] = stateWords[state];
  return (
    <>
      <Badge word={word} tone={tone} />
      {notReachableSince !== undefined && (
        <div class="error-text">
          for {duration(secondsSince(notReachableSince))}: {category}
          {host !== undefined && ` at ${host} (${stage ?? ''})`}
        </div>
      )}
      {!isOwn && (
        <div class="muted-text">
          {asOf === undefined ? (
            'never reported to this replica'
          ) : (
            <>
              as of <Moment at={asOf} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function Findings({ findings, total }: { readonly findings: readonly RegionFindingView[]; readonly total: number }) {
  if (findings.length === 0) return null;
  return (
    <>
      <h2>Findings</h2>
      <ol class="findings">
        {findings.map(({ kind, region, says, firstStep, runbook, since, about = [] }) => (
          <li key={`${kind} ${region}`}>
            <p>
              <strong>{says}.</strong> {since !== undefined && <Moment at={since} />}
            </p>
            <p>
              {firstStep} <Runbook place={runbook} />
            </p>
            {about.length > 0 && (
              <ul>
                {about.map((each) => (
                  <li key={each}>
                    <code class="break">{each}</code>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
      {total > findings.length && <p>{count(total - findings.length, 'more finding')} are not shown.</p>}
    </>
  );
}

/** The keys of an issuer in another region: one cell of the grid. */
export function RegionCell({ issuer, region }: { readonly issuer: IssuerView; readonly region: string }) {
  const at = issuer.regions?.find((each) => each.region === region);
  if (!at) return <td class="muted-text">not known</td>;
  if (at.isRegistered === false) return <td class="muted-text">not there</td>;
  return (
    <td class={at.isReachable === false ? 'lost' : ''}>
      <div class="cell-head">
        {at.isReachable === false ? <Badge word={`was ${at.state}`} tone="muted" /> : <Badge word={at.state} />}
        {at.isReachable === false && <Badge word="not reachable" tone="bad" />}
        {at.isDiffering && <Badge word="replicas differ" tone="warn" />}
        {at.digest !== undefined && (
          <code title="which keys are accepted: regions that agree show the same">{at.digest}</code>
        )}
      </div>
      <Age issuer={issuer} at={at} />
    </td>
  );
}

function Age({ issuer: { limits }, at }: { readonly issuer: IssuerView; readonly at: IssuerInRegion }) {
  const { ageSeconds, state, asOf } = at;
  return (
    <>
      {ageSeconds !== undefined && limits && (
        <AgeBar age={ageSeconds} refresh={limits.refreshSeconds} hardTtl={limits.hardTtlSeconds} state={state} />
      )}
      <div class="muted-text">
        {ageSeconds !== undefined && `age ${duration(ageSeconds)} · `}
        {asOf === undefined ? (
          'it has never reported'
        ) : (
          <>
            as of <Moment at={asOf} />
          </>
        )}
      </div>
    </>
  );
}
