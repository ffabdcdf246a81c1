/** How one thing stands that was asked online: `warning` works, and should not stay so. */
export type OnlineResult = 'good' | 'warning' | 'failed';

/** What is said of one issuer, caller, server of Redis, or of the clock: one line. */
export interface OnlineRow {
  readonly kind: 'issuer' | 'caller' | 'redis' | 'clock';
  /** The configured id; of Redis which server it is. */
  readonly id: string;
  readonly result: OnlineResult;
  /** What was found, as a phrase. */
  readonly found: string;
  /** What to do; absent where there is nothing to do. */
  readonly remedy?: string;
  /** The same in figures, for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** One line for each row, as columns: what it is about, how it stands, what was found and what to do. */
export function onlineTable(rows: readonly OnlineRow[]): string {
  const names = rows.map(nameOf);
  const width = Math.max(0, ...names.map(({ length }) => length));
  return rows
    .map(({ result, found, remedy }, i) => {
      const name = (names[i] ?? '').padEnd(width);
      const toDo = remedy === undefined ? '' : `; to do: ${remedy}`;
      return `  ${name}  ${words[result]}  ${found}${toDo}\n`;
    })
    .join('');
}

/** As wide as each other, and told apart without colours. */
const words = { good: 'good   ', warning: 'warning', failed: 'FAILED ' } as const satisfies Record<
  OnlineResult,
  string
>;

function nameOf({ kind, id }: OnlineRow): string {
  return `${kind} ${id}`.trimEnd();
}
