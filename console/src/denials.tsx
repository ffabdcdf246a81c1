// Which keys are denied, and which replicas have confirmed it.
import type { ComponentChildren } from 'preact';
import { admin, type DenialView } from './api.ts';
import { clockTime, count, duration } from './format.ts';
import { Moment, ScrollTable, Shown } from './parts.tsx';
import { useAnswer } from './use-answer.ts';

interface Denials {
  readonly denials: readonly DenialView[];
  readonly count: number;
}

export function Denials() {
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
                head={['Key', 'Why', 'Who and when', 'Until', 'Replicas']}
              >
                {answer.denials.map((each) => (
                  <DenialRow key={`${each.issuer ?? ''} ${each.thumbprint}`} denial={each} />
                ))}
              </ScrollTable>
              {answer.count > answer.denials.length && (
                <p>{count(answer.count - answer.denials.length, 'older one')} are not shown.</p>
              )}
            </>
          )
        }
      </Shown>
      <p class="muted-text">Revocations of tokens, sessions, subjects and clients are shown with their issuer.</p>
    </section>
  );
}

/** A denial with a tick for each replica that has confirmed it. */
export function DenialRow({ denial, act }: { readonly denial: DenialView; readonly act?: ComponentChildren }) {
  const { issuer = '', thumbprint, by, reason, at, until, confirmedBy = [], notConfirmedBy = [] } = denial;
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
        <ul class="ticks">
          {confirmedBy.map((replica) => (
            <li key={replica}>
              <span class="tick good" aria-hidden="true">
                ✓
              </span>{' '}
              {replica} <span class="muted-text">confirmed</span>
            </li>
          ))}
          {notConfirmedBy.map(({ replica, state, lastSeenAgoSeconds }) => (
            <li key={replica}>
              <span class="tick bad" aria-hidden="true">
                ✗
              </span>{' '}
              {replica} <span class="error-text">{state}</span>, seen {duration(lastSeenAgoSeconds)} ago
            </li>
          ))}
        </ul>
      </td>
      {act !== undefined && <td>{at !== undefined && act}</td>}
    </tr>
  );
}
