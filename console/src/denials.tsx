// Which keys are denied, and which replicas have confirmed it.
import type { ComponentChildren } from 'preact';
import { admin, type DenialView } from './api.ts';
import type { RegionFindingView, RegionsAnswer, RegionView } from './regions-api.ts';
import { clockTime, count } from './format.ts';
import { Moment, ScrollTable, Shown } from './parts.tsx';
import { othersIn } from './regions.tsx';
import { Tick, Ticks } from './ticks.tsx';
import { useAnswer } from './use-answer.ts';

interface Denials {
  readonly denials: readonly DenialView[];
  readonly count: number;
}

export function Denials({ regions }: { readonly regions: RegionsAnswer | undefined }) {
  const denials = useAnswer<Denials>(admin('denials'));
  return (
    <section>
      <h1>Denied keys</h1>
      <Shown of={denials}>
        {(answer) =>
          answer.denials.length === 0 ? (
            <p>No key is denied.</p>
          ) : (
            <>
              <ScrollTable
                label="Denied keys of all issuers"
                head={['Key', 'Why', 'Who and when', 'Until', 'Replicas and regions']}
              >
                {answer.denials.map((each) => (
                  <DenialRow key={`${each.issuer ?? ''} ${each.thumbprint}`} denial={each} regions={regions} />
                ))}
              </ScrollTable>
              {answer.count > answer.denials.length && (
                <p>{count(answer.count - answer.denials.length, 'older one')} are not shown.</p>
              )}
            </>
          )
        }
      </Shown>
      <p class="muted-text">
        Revocations of tokens, sessions, subjects and clients are shown with their issuer, with a tick for each replica
        as well.
      </p>
    </section>
  );
}

interface DenialRowProps {
  readonly denial: DenialView;
  readonly regions: RegionsAnswer | undefined;
  readonly act?: ComponentChildren;
}

/** A denial with a tick for each replica that has confirmed it, and for each other region that denies the key as well. */
export function DenialRow({ denial, regions, act }: DenialRowProps) {
  const { issuer = '', thumbprint, by, reason, at, until } = denial;
  return (
    <tr>
      <th scope="row">
        <a href={`#/issuers/${encodeURIComponent(issuer)}`}>{issuer}</a>
        <div>
          <code class="break">{thumbprint}</code>
        </div>
      </th>
      <td>{reason ?? 'as the configuration says'}</td>
      <td>
        {by}
        {at !== undefined && (
          <>
            , <Moment at={at} />
          </>
        )}
      </td>
      <td>
        {at === undefined ? 'it is out of the file' : until === undefined ? 'it is taken back' : clockTime(until)}
      </td>
      <td>
        <Ticks reach={denial}>
          <RegionTicks of={`${issuer} ${thumbprint}`} regions={regions} />
        </Ticks>
      </td>
      {act !== undefined && <td>{at !== undefined && act}</td>}
    </tr>
  );
}

/** By what each other region has last reported; of one that has reported nothing, nothing is known. */
function RegionTicks({ of: key, regions }: { readonly of: string; readonly regions: RegionsAnswer | undefined }) {
  return (
    <>
      {othersIn(regions).map((region) => {
        const { name, asOf } = region;
        const isDenied = isDeniedIn(region, key, regions?.findings ?? []);
        return (
          <li key={name}>
            <Tick isGood={isDenied === true} /> region {name}{' '}
            {isDenied ? (
              <span class="muted-text">denies it</span>
            ) : (
              <span class="error-text">{isDenied === false ? 'does not deny it' : 'not known'}</span>
            )}
            {asOf !== undefined && (
              <>
                , as of <Moment at={asOf} />
              </>
            )}
          </li>
        );
      })}
    </>
  );
}

/**
 * Whether a region denies a key that is denied here; `undefined`: that is not known. A region that does not report, or that another one
 * answers for, says nothing; and where not every difference is listed, a key that is not in the list may be one of them.
 */
function isDeniedIn(
  { name, state, differences }: RegionView,
  key: string,
  findings: readonly RegionFindingView[],
): boolean | undefined {
  const isMisnamed = findings.some(({ kind, region }) => kind === 'region_misnamed' && region === name);
  if (state !== 'reachable' || isMisnamed || !differences) return undefined;
  const { counts, notDeniedThere = [], notDeniedHere = [] } = differences;
  if (notDeniedThere.includes(key)) return false;
  return counts.denied_keys === notDeniedThere.length + notDeniedHere.length ? true : undefined;
}
