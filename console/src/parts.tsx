// Small pieces that several views are made of.
import type { ComponentChildren } from 'preact';
import { messageOf } from './api.ts';
import { ago, clockTime, duration } from './format.ts';
import type { Answered } from './use-answer.ts';
import type { Paging } from './use-paging.ts';

export const tones: Readonly<Record<string, string>> = {
  FRESH: 'good',
  DUE: 'good',
  STALE: 'warn',
  COLD: 'warn',
  EXPIRED: 'bad',
  UNKNOWN: 'muted',
  active: 'good',
  passed: 'good',
  refused: 'bad',
  inactive: 'bad',
  retiring: 'warn',
  returning: 'warn',
};

/** A state as a word; its colour repeats what the word says, and is never the only sign. */
export function Badge({ word, tone = tones[word] ?? 'muted' }: { readonly word: string; readonly tone?: string }) {
  return <span class={`badge ${tone}`}>{word}</span>;
}

/** A moment: how long ago, and exactly on demand. */
export function Moment({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={clockTime(at)}>
      {ago(at)}
    </time>
  );
}

const WIDTH = 120;

/**
 * The age of keys between nothing and `hardTtl`, with a mark at `refresh`. Both differ by orders of magnitude, so that the scale is
 * logarithmic.
 */
export function AgeBar({
  age,
  refresh,
  hardTtl,
  state,
}: {
  readonly age: number;
  readonly refresh: number;
  readonly hardTtl: number;
  readonly state: string;
}) {
  const place = (seconds: number) =>
    (WIDTH * Math.log1p(Math.min(seconds, hardTtl) / refresh)) / Math.log1p(hardTtl / refresh);
  const label = `age ${duration(age)} of ${duration(hardTtl)}; refreshed every ${duration(refresh)}`;
  return (
    <svg class={`age ${tones[state] ?? 'muted'}`} viewBox={`0 0 ${WIDTH} 10`} role="img" aria-label={label}>
      <title>{label}</title>
      <rect class="track" x="0" y="2" width={WIDTH} height="6" rx="3" />
      <rect class="fill" x="0" y="2" width={Math.max(2, place(age))} height="6" rx="3" />
      <line class="mark" x1={place(refresh)} x2={place(refresh)} y1="0" y2="10" />
    </svg>
  );
}

/** Shows an answer once there is one, and says so where it is not new any more. */
export function Shown<Answer>({
  of,
  children,
}: {
  readonly of: Answered<Answer>;
  readonly children: (answer: Answer) => ComponentChildren;
}) {
  const { answer, error, atMs } = of;
  return (
    <>
      {error !== undefined && (
        <p class="note bad" role="alert">
          {messageOf(error)}
          {atMs !== undefined && `; what is shown is from ${clockTime(new Date(atMs).toISOString())}`}
        </p>
      )}
      {answer === undefined ? error === undefined && <p class="muted-text">Loading …</p> : children(answer)}
    </>
  );
}

/** A table that is scrolled within itself where the window is narrow, also by keyboard. */
export function ScrollTable({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}) {
  return (
    <div class="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((each) => (
              <th key={each} scope="col">
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface PagesProps {
  /** What is on them. */
  readonly of: string;
  readonly paging: Paging;
  /** Where the next page begins; `undefined`: this is the last. */
  readonly next: string | undefined;
}

/** The way to the next page of a list, and back. */
export function Pages({ of, paging: { number, back, forward }, next }: PagesProps) {
  return (
    <nav class="pages" aria-label={`Pages of ${of}`}>
      <button type="button" disabled={number < 2} onClick={back}>
        Previous
      </button>
      <span>Page {number}</span>
      <button
        type="button"
        disabled={next === undefined}
        onClick={() => {
          if (next !== undefined) forward(next);
        }}
      >
        Next
      </button>
    </nav>
  );
}
