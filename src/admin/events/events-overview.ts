/** Shows operators what happened lately, and says plainly whose events these are, and since when none is missing. */
import type { Clock } from '../../shared/clock.js';
import { iso } from '../time-view.js';
import { type EventGroup, kindOf } from './event-kinds.js';
import type { KnownEvents, LatestEvents } from './latest-events.js';
import type { MergedEvent } from './merge-events.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link EventsOverview} works with. */
export interface EventsOverviewParts {
  readonly events: Pick<LatestEvents, 'known'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly replica: string;
  /** Empty where there is none. */
  readonly region: string;
}

/** Which events are asked for; absent: all. */
export interface WantedEvents {
  readonly group?: EventGroup | undefined;
  readonly issuer?: string | undefined;
  readonly size: number;
}

const details: Readonly<Record<KnownEvents['others'], string>> = {
  none: 'events of this replica since its start: nothing is shared without Redis, so that a new start forgets them',
  read: 'events of all replicas that share this Redis, as far as they could share them: those of a replica that was killed or is cut off may be missing',
  unknown: 'events of this replica alone: Redis does not answer, so that those of the others are not known now',
};

/** The latest events of this region. */
export class EventsOverview {
  constructor(private readonly parts: EventsOverviewParts) {}

  async show({ group, issuer, size }: WantedEvents): Promise<Json> {
    const { clock, replica, region } = this.parts;
    const { events, others, sinceMs } = await this.parts.events.known();
    const wanted = events
      .filter(({ kind }) => group === undefined || kindOf(kind).group === group)
      .filter(({ fields }) => issuer === undefined || fields.issuer === issuer);
    return {
      at: iso(clock.wallMs()),
      replica,
      covers: {
        replicas: others === 'read' ? 'all' : 'this',
        ...(region !== '' && { region }),
        since: iso(sinceMs),
        detail: details[others],
      },
      events: wanted.slice(0, size).map(eventView),
      eventCount: wanted.length,
    };
  }
}

function eventView({ kind, atMs, replicas, fields }: MergedEvent): Json {
  const { group, says } = kindOf(kind);
  return { at: iso(atMs), event: kind, group, says: says(fields), replicas, ...fields };
}
