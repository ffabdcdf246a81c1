// The life of each key of an issuer on one line of time: when it was first seen, until when it was seen last, and what it is now.
import type { KeyOfIssuer } from './api.ts';
import { clockTime } from './format.ts';

const [WIDTH, LINE] = [600, 26];

export function KeyLife({ keys }: { readonly keys: readonly KeyOfIssuer[] }) {
  const begin = Math.min(...keys.map(({ firstSeen }) => Date.parse(firstSeen)));
  const end = Math.max(Date.now(), begin + 1);
  const place = (at: string) => (WIDTH * (Date.parse(at) - begin)) / (end - begin);
  if (keys.length === 0) return null;
  return (
    <div class="scroll life" role="region" aria-label="The life of each key" tabIndex={0}>
      <svg viewBox={`0 0 ${WIDTH} ${LINE * keys.length + 20}`} role="img" aria-label={keys.map(sentenceOf).join(' ')}>
        {keys.map((key, i) => (
          <g key={key.thumbprint} class={key.isDenied ? 'bad' : key.standing === 'active' ? 'good' : 'warn'}>
            <text x="0" y={i * LINE + 11}>
              {key.thumbprint.slice(0, 10)}… {key.isDenied ? 'denied' : key.standing}
            </text>
            <rect
              x={place(key.firstSeen)}
              y={i * LINE + 15}
              width={Math.max(3, place(key.lastSeen) - place(key.firstSeen))}
              height="6"
              rx="2"
            />
          </g>
        ))}
        <text x="0" y={LINE * keys.length + 15}>
          {clockTime(new Date(begin).toISOString())}
        </text>
        <text x={WIDTH} y={LINE * keys.length + 15} text-anchor="end">
          now
        </text>
      </svg>
    </div>
  );
}

function sentenceOf({ thumbprint, standing, isDenied, firstSeen, lastSeen }: KeyOfIssuer): string {
  return `${thumbprint.slice(0, 10)}: ${isDenied ? 'denied' : standing}, seen from ${clockTime(firstSeen)} to ${clockTime(lastSeen)}.`;
}
