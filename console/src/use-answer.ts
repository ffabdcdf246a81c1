// Keeps what the page shows as new as it says: asks again every few seconds while somebody can see it.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, Refused } from './api.ts';

const EVERY_MS = 5_000;

/** What was answered, and what went wrong since. */
export interface Answered<Answer> {
  readonly answer?: Answer | undefined;
  /** When the answer came, in milliseconds since the epoch. */
  readonly atMs?: number | undefined;
  readonly error?: unknown;
  readonly again: () => void;
}

/** What to do when an answer says that the session is over; the frame of the page sets it. */
export const session: { onEnd: () => void } = { onEnd: () => undefined };

/** Asks for `path` now and every few seconds. An answer to an earlier question is never shown for a later one. */
export function useAnswer<Answer>(path: string): Answered<Answer> {
  const [state, setState] = useState<Omit<Answered<Answer>, 'again'> & { readonly path: string }>({ path });
  const turn = useRef(0);
  const run = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const answer = await ask<Answer>(path);
      if (mine === turn.current) setState({ path, answer, atMs: Date.now() });
    } catch (error) {
      if (error instanceof Refused && error.status === 401) session.onEnd();
      if (mine === turn.current) setState((before) => ({ ...(before.path === path ? before : {}), path, error }));
    }
  }, [path]);
  useEffect(() => {
    void run();
    const timer = setInterval(() => {
      if (!document.hidden) void run();
    }, EVERY_MS);
    const seen = () => {
      if (!document.hidden) void run();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      turn.current++;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [run]);
  const again = useCallback(() => void run(), [run]);
  return state.path === path ? { ...state, again } : { again };
}
