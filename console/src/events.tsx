// What happened lately: keys that came and went, issuers that failed, and what operators did.
import { useState } from 'preact/hooks';
import { admin } from './api.ts';
import type { EventsView, FleetEventView } from './events-api.ts';
import { clockTime, count } from './format.ts';
import { Moment, ScrollTable, Shown } from './parts.tsx';
import { useAnswer } from './use-answer.ts';

const groups: Readonly<Record<string, string>> = {
  '': 'Everything',
  keys: 'Keys',
  issuers: 'Issuers that fail',
  operators: 'Operators',
  fleet: 'Replicas and configuration',
};

export function Events() {
  const [group, setGroup] = useState('');
  const query = new URLSearchParams({ limit: '200', ...(group !== '' && { group }) });
  const events = useAnswer<EventsView>(admin(`events?${query.toString()}`));
  return (
    <section>
      <h1>Events</h1>
      <div class="tools">
        <label for="group">Show</label>
        <select
          id="group"
          value={group}
          onChange={(event) => {
            setGroup(event.currentTarget.value);
          }}
        >
          {Object.entries(groups).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <Shown of={events}>
        {({ covers, events: shown, eventCount }) => (
          <>
            <p class={covers.replicas === 'all' ? 'muted-text' : 'note bad'}>
              Since {clockTime(covers.since)}: {covers.detail}.
            </p>
            {shown.length === 0 ? <p>Nothing happened.</p> : <EventTable events={shown} />}
            {eventCount > shown.length && <p>{count(eventCount - shown.length, 'earlier one')} are not shown.</p>}
          </>
        )}
      </Shown>
    </section>
  );
}

function EventTable({ events }: { readonly events: readonly FleetEventView[] }) {
  return (
    <ScrollTable label="Latest events" head={['When', 'What', 'Seen by']}>
      {events.map((event) => (
        <tr key={keyOf(event)}>
          <td class="when">
            <Moment at={event.at} />
            <div class="muted-text">{clockTime(event.at)}</div>
          </td>
          <th scope="row" class="says">
            <Says {...event} />
          </th>
          <td class="muted-text">{seenBy(event.replicas)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function Says({ says, issuer }: FleetEventView) {
  return (
    <>
      {says}. {issuer !== undefined && <a href={`#/issuers/${encodeURIComponent(issuer)}`}>Show {issuer}</a>}
    </>
  );
}

function seenBy(replicas: readonly string[]): string {
  const [first = ''] = replicas;
  return replicas.length === 1 ? first : `${first} and ${count(replicas.length - 1, 'other')}`;
}

/** How many fit above the grid without pushing it away. */
const FEW = 4;

/** The latest few, for the first page. That somebody has signed in, such as whoever reads this, is in the list of all. */
export function LatestEvents() {
  const events = useAnswer<EventsView>(admin('events?limit=50'));
  const shown = (events.answer?.events ?? []).filter(({ event }) => event !== 'admin_signed_in').slice(0, FEW);
  if (shown.length === 0) return null;
  return (
    <section class="latest" aria-labelledby="latest-title">
      <h2 id="latest-title">
        Latest <a href="#/events">events</a>
      </h2>
      <ul>
        {shown.map((event) => (
          <li key={keyOf(event)}>
            <span class="muted-text">
              <Moment at={event.at} />
            </span>{' '}
            {event.says}
          </li>
        ))}
      </ul>
    </section>
  );
}

function keyOf({ at, says, replicas }: FleetEventView): string {
  return `${at} ${replicas[0] ?? ''} ${says}`;
}
