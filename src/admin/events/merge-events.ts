/** Makes one list of what several replicas have seen: what they all saw is one event. */
import type { FleetEvent } from './fleet-event.js';

/** What replicas see of the same within so long is one event, in milliseconds: a change of the configuration reaches all of them in minutes. */
const SAME_MS = 10 * 60_000;

/** An event with everybody who saw it. */
export interface MergedEvent extends Pick<FleetEvent, 'kind' | 'fields' | 'atMs'> {
  readonly replicas: readonly string[];
}

/** The latest first. Of what several replicas saw the time is that of the first of them; what one replica saw twice happened twice. */
export function mergeEvents(events: readonly FleetEvent[]): readonly MergedEvent[] {
  const distinct = new Map(events.map((each) => [`${each.replica} ${each.number} ${each.atMs}`, each]));
  const merged: (MergedEvent & { readonly replicas: string[] })[] = [];
  const latest = new Map<string, (typeof merged)[number]>();
  for (const { kind, fields, atMs, replica } of [...distinct.values()].sort(byTime)) {
    const what = JSON.stringify([kind, Object.entries(fields).sort()]);
    const before = latest.get(what);
    if (before && atMs - before.atMs <= SAME_MS && !before.replicas.includes(replica)) {
      before.replicas.push(replica);
      continue;
    }
    const event = { kind, fields, atMs, replicas: [replica] };
    merged.push(event);
    latest.set(what, event);
  }
  return merged.reverse();
}

function byTime(one: FleetEvent, other: FleetEvent): number {
  return one.atMs - other.atMs || one.number - other.number;
}
