// How old the keys were at every moment since a few fetches ago: it rises until a fetch proves them again, and falls to nothing then.
import { count, duration } from './format.ts';
import { tones } from './parts.tsx';

const [WIDTH, HEIGHT] = [120, 30];

/** How much of the height is for ages below `refresh`: a third, where keys are accepted fifty times as long. */
const FINENESS = 8;

interface AgeLineProps {
  /** How long ago the keys were proven, in seconds, the earliest first; the last one is their age. */
  readonly provenAgo: readonly number[];
  readonly refresh: number;
  readonly hardTtl: number;
  readonly state: string;
}

/** Between nothing and `hardTtl`, the top, with a line at `refresh`; logarithmic as the bar is. What was before the first proof is not known. */
export function AgeLine({ provenAgo, refresh, hardTtl, state }: AgeLineProps) {
  const unit = refresh / FINENESS;
  const begin = Math.max(provenAgo[0] ?? 0, 1);
  const x = (ago: number) => round(WIDTH * (1 - ago / begin));
  const y = (age: number) =>
    round(HEIGHT * (1 - Math.log1p(Math.min(age, hardTtl) / unit) / Math.log1p(hardTtl / unit)));
  const ages = provenAgo.map((ago, i) => ago - (provenAgo[i + 1] ?? 0));
  const points = provenAgo.flatMap((ago, i) => rise(ago, ages[i] ?? 0).map(([at, age]) => `${x(at)},${y(age)}`));
  const fetches = count(provenAgo.length, 'fetch').replace(/fetchs$/, 'fetches');
  const label = `last ${duration(begin)}: ${fetches} succeeded, keys were at most ${duration(Math.max(...ages))} old`;
  return (
    <svg class={`age-line ${tones[state] ?? 'muted'}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <title>{label}</title>
      <line class="limit" x1="0" x2={WIDTH} y1="0.5" y2="0.5" />
      <line class="mark" x1="0" x2={WIDTH} y1={y(refresh)} y2={y(refresh)} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}

/** Straight lines of a logarithmic scale are curves: a few points for each. */
const STEPS = 8;

function rise(from: number, age: number): readonly (readonly [ago: number, age: number])[] {
  return Array.from({ length: STEPS + 1 }, (_, i) => [from - (age * i) / STEPS, (age * i) / STEPS] as const);
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
