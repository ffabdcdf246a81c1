// Each replica: what runs there, with which configuration, and how it is.
import type { Overview, ReplicaView } from './api.ts';
import { clockDifference, duration, megabytes, secondsSince, short } from './format.ts';
import { Badge, Moment, ScrollTable, Shown } from './parts.tsx';
import type { Answered } from './use-answer.ts';

const stores = {
  none: ['none is configured', 'muted'],
  reachable: ['reachable', 'good'],
  away: ['away', 'bad'],
} as const;

const head = ['Replica', 'State', 'Version', 'Configuration', 'Redis', 'Memory', 'Loop delay', 'Runs for'];

export function Replicas({ overview }: { readonly overview: Answered<Overview> }) {
  return (
    <section>
      <h1>Replicas</h1>
      <Shown of={overview}>
        {({ replicas, replica }) => (
          <ScrollTable label="Replicas" head={head}>
            {replicas.map((each) => (
              <Row key={each.replica} view={each} isAsked={each.replica === replica} />
            ))}
          </ScrollTable>
        )}
      </Shown>
      <p class="muted-text">
        Loop delay: how late 99 of 100 turns of the event loop were at most, in the last minute. A dash: that replica
        does not say it.
      </p>
    </section>
  );
}

function Row({ view, isAsked }: { readonly view: ReplicaView; readonly isAsked: boolean }) {
  const {
    replica,
    region,
    seen,
    isLost,
    isKnown,
    version,
    configuration,
    store,
    clockSkewMs,
    memoryBytes,
    loopDelayMs,
    started,
  } = view;
  const [storeWord, storeTone] = store === undefined ? ['—', 'muted'] : stores[store];
  return (
    <tr>
      <th scope="row">
        {replica}
        <div class="muted-text">
          {region}
          {isAsked && ' (you are asking this one)'}
        </div>
      </th>
      <td>
        {isLost ? (
          <Badge word="silent" tone="bad" />
        ) : isKnown === false ? (
          <Badge word="not known now" />
        ) : (
          <Badge word="live" tone="good" />
        )}
        <div class="muted-text">
          seen <Moment at={seen} />
        </div>
      </td>
      <td>{version ?? '—'}</td>
      <td>
        {configuration ? (
          <>
            <code title={configuration.digest}>{short(configuration.digest)}</code>
            <div class="muted-text">
              since <Moment at={configuration.since} />
            </div>
          </>
        ) : (
          '—'
        )}
      </td>
      <td>
        <Badge word={storeWord} tone={storeTone} />
        {clockSkewMs !== undefined && <div class="muted-text">{clockDifference(clockSkewMs)}</div>}
      </td>
      <td>{memoryBytes === undefined ? '—' : megabytes(memoryBytes)}</td>
      <td>{loopDelayMs === undefined ? '—' : `${loopDelayMs} ms`}</td>
      <td>{started === undefined ? '—' : duration(secondsSince(started))}</td>
    </tr>
  );
}
