// The way through a list that the admin API answers page by page.
import { useState } from 'preact/hooks';

const ENTRIES = 25;

/** Where in a list the reader is, and how to get on. */
export interface Paging {
  /** Of the page, from 1 on. */
  readonly number: number;
  /** Asks for the page, with what narrows the list down; what is empty is left out. */
  readonly query: (narrowing: Readonly<Record<string, string>>) => string;
  readonly first: () => void;
  readonly back: () => void;
  /** @param next where the page before says that the next one begins */
  readonly forward: (next: string) => void;
}

export function usePaging(): Paging {
  /** Where each page begins that was passed on the way. */
  const [passed, setPassed] = useState<readonly string[]>(['']);
  return {
    number: passed.length,
    query: (narrowing) => {
      const all = { limit: String(ENTRIES), after: passed.at(-1) ?? '', ...narrowing };
      return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== '')).toString();
    },
    first: () => {
      setPassed(['']);
    },
    back: () => {
      setPassed(passed.slice(0, -1));
    },
    forward: (next) => {
      setPassed([...passed, next]);
    },
  };
}
