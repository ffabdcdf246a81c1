/** How large a fleet is. */
export interface FleetSize {
  readonly replicas: number;
  /** Critical, or asked about all the time: their keys are kept fresh. */
  readonly issuers: number;
}

/** What replicas ask of what they share, and of the issuers. */
export const operations = [
  'poll',
  'former',
  'beat',
  'load',
  'acquire',
  'commit',
  'append',
  'hearing',
  'fetch',
] as const;

/** `former`: a poll of the list that the version before kept denials in; `hearing`: one replica hears of one commit, at once and by its poll. */
export type Operation = (typeof operations)[number];

/** How often each happens in a second. */
export type Rates = Readonly<Record<Operation, number>>;

/** The default `refresh`. */
const REFRESH_S = 300;
const POLL_S = 2;
const FORMER_S = 4;
const BEAT_S = 5;

/** How long a fetch takes. Who holds the record due meanwhile asks in vain. */
const FETCH_S = 0.1;

/** Timers come a moment early now and then: the store says that the record is fresh, and it is read and asked for once more. */
const EARLY = 0.035;

/**
 * Time from one fetch of a key set to the next, in seconds. Each replica draws when it holds the record due, between nine tenths of
 * `refresh` and all of it, and the earliest one fetches.
 */
export function refreshEveryS(replicas: number): number {
  return REFRESH_S * (0.9 + 0.1 / (replicas + 1));
}

/**
 * What a fleet at rest asks for in a second, where no key changes. One replica fetches for all and stores what it proved: a permit, a
 * commit, an entry of the log. Every other replica hears of it and reads the record, because keys are accepted by the age of that proof.
 */
export function ratesOf({ replicas, issuers }: FleetSize): Rates {
  const refreshes = issuers / refreshEveryS(replicas);
  return {
    poll: replicas / POLL_S,
    former: replicas / FORMER_S,
    beat: replicas / BEAT_S,
    load: refreshes * (replicas - 1 + EARLY),
    acquire: refreshes * (1 + EARLY + (replicas * FETCH_S) / (0.1 * REFRESH_S)),
    commit: refreshes,
    append: refreshes,
    hearing: refreshes * replicas,
    fetch: refreshes,
  };
}

/** What one operation costs Redis. */
export interface OperationCost {
  /** Commands, those inside of scripts included. */
  readonly commands: number;
  /** Octets to Redis and from it. */
  readonly octetsIn: number;
  readonly octetsOut: number;
}

/** Of a key set with one EC key; test/redis/operation-costs.slow.spec.ts measures them. A fetch is no matter of Redis. */
export const costs: Readonly<Record<Operation, OperationCost>> = {
  poll: { commands: 6, octetsIn: 285, octetsOut: 87 },
  former: { commands: 2, octetsIn: 102, octetsOut: 11 },
  beat: { commands: 8, octetsIn: 154, octetsOut: 14 },
  load: { commands: 12, octetsIn: 177, octetsOut: 533 },
  acquire: { commands: 8, octetsIn: 368, octetsOut: 62 },
  commit: { commands: 11, octetsIn: 904, octetsOut: 8 },
  append: { commands: 11, octetsIn: 424, octetsOut: 23 },
  hearing: { commands: 0, octetsIn: 0, octetsOut: 292 },
  fetch: { commands: 0, octetsIn: 0, octetsOut: 0 },
};

/** What a fleet at rest costs one Redis in a second. */
export function loadOf(size: FleetSize): OperationCost {
  const rates = ratesOf(size);
  const sum = (what: keyof OperationCost): number =>
    operations.reduce((total, each) => total + rates[each] * costs[each][what], 0);
  return { commands: sum('commands'), octetsIn: sum('octetsIn'), octetsOut: sum('octetsOut') };
}
