// Whether an action is for this region alone or for all of them, and which of them can be reached now.
import { duration, secondsSince } from './format.ts';
import type { RegionsAnswer } from './regions-api.ts';
import { othersIn } from './regions.tsx';

/** Name of the field of a form that sends it to all regions. */
export const everywhereField = 'everywhere';

/** Nothing where there is one region only. */
export function Everywhere({ regions }: { readonly regions: RegionsAnswer | undefined }) {
  const others = othersIn(regions);
  if (others.length === 0) return null;
  return (
    <fieldset>
      <label class="inline">
        <input type="checkbox" name={everywhereField} defaultChecked /> in all regions, not in this one alone
      </label>
      <ul>
        {others.map((each) => (
          <li key={each.name}>
            {each.name}:{' '}
            {each.state === 'reachable' ? (
              'reports'
            ) : (
              <span class="error-text">
                does not report
                {each.notReachableSince !== undefined && `, for ${duration(secondsSince(each.notReachableSince))} now`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
