// What the admin API answers about events.
/** See docs/admin.md, "What happened lately". */
export interface EventsView {
  readonly covers: { readonly replicas: 'all' | 'this'; readonly since: string; readonly detail: string };
  readonly events: readonly FleetEventView[];
  readonly eventCount: number;
}

export interface FleetEventView {
  readonly at: string;
  readonly event: string;
  readonly says: string;
  readonly replicas: readonly string[];
  readonly issuer?: string;
}
