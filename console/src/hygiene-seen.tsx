// What issuers really do, beside what their registrations allow: algorithms and lifetimes.
import { ago, duration } from './format.ts';
import type { SeenIssuer } from './hygiene-api.ts';

export function SeenOfIssuers({ of }: { readonly of: readonly SeenIssuer[] }) {
  if (of.length === 0) return null;
  return (
    <details class="later">
      <summary>What issuers sign, beside what they may</summary>
      <ul class="findings">
        {of.map(({ issuer, algorithms, longestLifetimeSeconds, maxLifetimeSeconds }) => (
          <li key={issuer}>
            <a href={`#/issuers/${encodeURIComponent(issuer)}`}>{issuer}</a>: {algorithms.map(algorithmText).join(', ')}
            . Tokens may live {duration(maxLifetimeSeconds)};{' '}
            {longestLifetimeSeconds === undefined
              ? 'no lifetime was seen in 30 days.'
              : `the longest in 30 days lived ${duration(longestLifetimeSeconds)}.`}
          </li>
        ))}
      </ul>
    </details>
  );
}

function algorithmText({ algorithm, lastUse }: SeenIssuer['algorithms'][number]): string {
  return `${algorithm} ${lastUse === undefined ? 'not seen' : ago(lastUse)}`;
}
