import type { Caller } from '../../callers/caller.js';
import type { IssuerRegistry } from '../../issuers/issuer-registry.js';
import type { DecisionEvents } from '../../revocation/events/decision-events.js';
import type { Clock } from '../../shared/clock.js';
import type { JsonObject } from '../../shared/json-value.js';
import { OAuthError } from '../../transport/oauth-error.js';
import { eventAnswer, maySee } from './event-answer.js';
import type { EventsQuery } from './events-query.js';
import type { OpenPolls } from './open-polls.js';

/** Most events in one answer. */
const MOST_IN_ANSWER = 500;

/** How long a place may be ahead of what this replica has read: another one has given it. Two polls of the log, and a moment. In milliseconds. */
const CATCH_UP_MS = 5_000;

/** When asking again makes sense while the log cannot be read. */
const RETRY_AFTER_SECONDS = 2;

/** What {@link EventReader} works with. */
export interface EventReaderParts {
  readonly events: DecisionEvents;
  readonly issuers: Pick<IssuerRegistry, 'byId' | 'all'>;
  readonly polls: OpenPolls<JsonObject>;
  readonly clock: Clock;
}

/** What was decided about tokens and keys, for callers that cache answers. Where something may be missing it says so, and never nothing. */
export class EventReader {
  constructor(private readonly parts: EventReaderParts) {
    parts.events.recent.onChange(() => {
      parts.polls.wake();
    });
  }

  /**
   * @param gone aborted when nobody waits for the answer any more
   * @throws {OAuthError} 410 where the place is not known (any more); 503 where we cannot know; 429 where too many wait
   */
  async read(caller: Caller, { after, waitMs }: EventsQuery, gone: AbortSignal): Promise<JsonObject> {
    const { events, clock, polls } = this.parts;
    const untilMs = clock.monoMs() + waitMs;
    const attempt = (isLast: boolean): JsonObject | undefined =>
      this.attempt(caller, after, isLast || clock.monoMs() >= untilMs, isLast);
    const isAhead = after !== undefined && after > events.recent.readUpTo;
    const patienceMs = isAhead ? Math.max(waitMs, CATCH_UP_MS) : waitMs;
    return attempt(false) ?? polls.wait({ callerId: caller.id, patienceMs, gone, attempt });
  }

  /**
   * @param mayBeEmpty whether the caller waits no longer for an event
   * @param isLast whether it waits no longer for a place that is not read yet, either
   */
  private attempt(
    caller: Caller,
    after: number | undefined,
    mayBeEmpty: boolean,
    isLast: boolean,
  ): JsonObject | undefined {
    const { events, issuers } = this.parts;
    const { recent } = events;
    if (!events.isCurrent) throw unknownNow();
    if (after === undefined) return { events: [], next: recent.latest };
    if (!recent.knows(after)) {
      if (after > recent.readUpTo && !isLast) return undefined;
      throw unknownPlace(caller);
    }
    const page = recent.after(after, (event) => maySee(caller, event), MOST_IN_ANSWER);
    if (page.events.length === 0 && !mayBeEmpty) return undefined;
    return { events: page.events.map((event) => eventAnswer(event, caller, issuers)), next: page.next };
  }
}

/** RFC 9110 §15.5.11: what was there is not any more. An error, so that nobody takes it for an answer without events. */
function unknownPlace({ id }: Caller): OAuthError {
  return new OAuthError('invalid_request', 'events after this place may be missing: forget all answers, begin anew', {
    status: 410,
    caller: id,
  });
}

function unknownNow(): OAuthError {
  return new OAuthError('temporarily_unavailable', 'it is not known now what was revoked', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    detail: 'the log of changes could not be read for a while',
  });
}
