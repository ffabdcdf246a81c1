// Who asks, how much, what is refused why, and who was not seen for long.
import { useState } from 'preact/hooks';
import { admin, type CallerView } from './api.ts';
import { Moment, Pages, ScrollTable, Shown } from './parts.tsx';
import { useAnswer } from './use-answer.ts';
import { usePaging } from './use-paging.ts';

interface Page {
  readonly callers: readonly CallerView[];
  readonly minutes: number;
  readonly next?: string;
  readonly missing?: readonly string[];
}

const head = ['Caller', 'Last seen', 'Active', 'Refused, and why', 'Too many (429)', 'Limit'];

export function Callers() {
  const [search, setSearch] = useState('');
  const paging = usePaging();
  const page = useAnswer<Page>(admin(`callers?${paging.query({ search })}`));
  return (
    <section>
      <h1>Callers</h1>
      <div class="tools" role="search">
        <label>
          Find{' '}
          <input
            type="search"
            value={search}
            onInput={({ currentTarget }) => {
              setSearch(currentTarget.value);
              paging.first();
            }}
          />
        </label>
      </div>
      <Shown of={page}>
        {(answer) => (
          <>
            <Listed {...answer} />
            <Pages of="callers" paging={paging} next={answer.next} />
          </>
        )}
      </Shown>
    </section>
  );
}

function Listed({ callers, minutes, missing }: Page) {
  return (
    <>
      <p class="muted-text">What was asked in the last {minutes} minutes, at all replicas together.</p>
      {missing !== undefined && (
        <p class="note bad">What was asked at {missing.join(', ')} is not known, and not counted here.</p>
      )}
      <ScrollTable label="Callers" head={head}>
        {callers.map((each) => (
          <Row key={each.caller} view={each} />
        ))}
      </ScrollTable>
      {callers.length === 0 && <p>No caller fits.</p>}
    </>
  );
}

function Row({ view }: { readonly view: CallerView }) {
  const { caller, isProxyProfile, lastUse, watchedSince, active, limited, refused, rateLimit } = view;
  const reasons = Object.entries(refused);
  return (
    <tr>
      <th scope="row">
        {caller}
        {isProxyProfile && <div class="muted-text">for proxies</div>}
      </th>
      <td>
        {lastUse !== undefined ? (
          <Moment at={lastUse} />
        ) : active + limited + reasons.length > 0 ? (
          'just now'
        ) : (
          <>
            not yet
            <div class="muted-text">
              watched since <Moment at={watchedSince} />
            </div>
          </>
        )}
      </td>
      <td>{active.toLocaleString('en')}</td>
      <td>
        {reasons.length === 0 ? (
          '0'
        ) : (
          <ul class="ticks">
            {reasons.map(([reason, times]) => (
              <li key={reason}>
                {times.toLocaleString('en')} <code>{reason}</code>
              </li>
            ))}
          </ul>
        )}
      </td>
      <td>{limited.toLocaleString('en')}</td>
      <td>{rateLimit === undefined ? 'none' : `${rateLimit.perSecond.toLocaleString('en')} per second`}</td>
    </tr>
  );
}
