import type { CallerDirectory, PreparedCaller } from '../callers/registration/caller-directory.js';
import type { CallerActivity } from '../hygiene/caller-activity.js';
import { RECENT_MINUTES } from '../hygiene/caller-activity.js';
import type { CallerCounts } from '../hygiene/caller-counts.js';
import type { UseWatch } from '../hygiene/use-watch.js';
import type { Fleet } from './fleet.js';
import type { CallerPageInput } from './inputs.js';
import { iso } from './time-view.js';

type Json = Readonly<Record<string, unknown>>;

/** What {@link CallersOverview} looks at. */
export interface CallersOverviewParts {
  readonly callers: CallerDirectory;
  readonly watch: Pick<UseWatch, 'recordOf'>;
  readonly activity: Pick<CallerActivity, 'recent'>;
  readonly fleet: Pick<Fleet, 'view' | 'replica'>;
}

const nothing: CallerCounts = { active: 0, limited: 0, refused: new Map() };

/** Who asks, how much, what is refused why, and who was not seen for long. Nothing in it is of a subject or of a token. */
export class CallersOverview {
  constructor(private readonly parts: CallersOverviewParts) {}

  /** A page of the callers, in the order of their ids. */
  async list({ after = '', size, search = '' }: CallerPageInput): Promise<Json> {
    const { callers, activity, fleet } = this.parts;
    const { replicas, isComplete } = await fleet.view('reach');
    const { counts, missing } = await activity.recent(replicas.map(({ replica }) => replica));
    const wanted = search.toLowerCase();
    const left = [...callers.all].filter(({ caller: { id } }) => id > after && id.toLowerCase().includes(wanted));
    const page = left.toSorted((one, other) => (one.caller.id < other.caller.id ? -1 : 1)).slice(0, size);
    return {
      replica: fleet.replica,
      minutes: RECENT_MINUTES,
      callers: page.map((each) => this.view(each, counts.get(each.caller.id))),
      ...(left.length > size && { next: page.at(-1)?.caller.id }),
      isComplete: isComplete && missing.length === 0,
      ...(missing.length > 0 && { missing }),
    };
  }

  private view({ caller, rateLimit, proxy }: PreparedCaller, counts = nothing): Json {
    const { sinceMs, lastMs } = this.parts.watch.recordOf({ kind: 'caller', id: caller.id });
    const refused = [...counts.refused].toSorted(([, one], [, other]) => other - one);
    return {
      caller: caller.id,
      isProxyProfile: proxy !== undefined,
      watchedSince: iso(sinceMs),
      ...(lastMs !== undefined && { lastUse: iso(lastMs) }),
      ...(rateLimit && { rateLimit: { perSecond: rateLimit.perSecond, burst: rateLimit.burst } }),
      active: counts.active,
      limited: counts.limited,
      refused: Object.fromEntries(refused),
    };
  }
}
