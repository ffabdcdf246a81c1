// How answers of the admin API write times and durations: all of them alike.

/** Milliseconds as seconds, to a tenth. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** Milliseconds since the epoch as ISO 8601. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
