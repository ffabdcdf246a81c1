// A tick for each replica at which a decision is known to hold, and a cross for each other one, with what is known of that.
import type { ComponentChildren } from 'preact';
import type { ReachView } from './api.ts';
import { duration } from './format.ts';

/** @param children further ones, such as those of regions */
export function Ticks({
  reach: { confirmedBy = [], notConfirmedBy = [] },
  children,
}: {
  readonly reach: ReachView;
  readonly children?: ComponentChildren;
}) {
  return (
    <ul class="ticks">
      {confirmedBy.map((replica) => (
        <li key={replica}>
          <Tick isGood /> {replica} <span class="muted-text">confirmed</span>
        </li>
      ))}
      {notConfirmedBy.map(({ replica, state, lastSeenAgoSeconds }) => (
        <li key={replica}>
          <Tick isGood={false} /> {replica} <span class="error-text">{state}</span>, seen {duration(lastSeenAgoSeconds)}{' '}
          ago
        </li>
      ))}
      {children}
    </ul>
  );
}

/** What it means stands beside it. */
export function Tick({ isGood }: { readonly isGood: boolean }) {
  return (
    <span class={`tick ${isGood ? 'good' : 'bad'}`} aria-hidden="true">
      {isGood ? '✓' : '✗'}
    </span>
  );
}
