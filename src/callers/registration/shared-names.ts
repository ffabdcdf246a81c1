import { sharedNamesIn } from '../../issuers/one-name.js';
import type { Written } from '../../shared/configuration/written.js';

/**
 * Refuses a caller that may see tokens of several registrations of one `iss`, and has not said that it tells them apart. All of them
 * have the same `iss` in its answers, and may have the same `sub`: who runs one of the issuers could be any subject of the other.
 * @param caller as it is written
 */
export function refuseSharedNames(caller: Written, file: Written): void {
  if (caller.at('readsIssuerId').isTrue) return;
  const granted = caller.at('issuers');
  const ids = new Set(granted.members.map(({ text }) => text));
  for (const namesakes of sharedNamesIn(file)) {
    const seen = granted.text === 'any' ? namesakes : namesakes.filter((id) => ids.has(id));
    if (seen.length < 2) continue;
    const found = `${seen.slice(0, MOST_NAMED).join(' and ')}, which have one iss: any of them could issue tokens of the subjects of another`;
    granted.place.refuse(
      found,
      'one of them, or readsIssuerId: true where the caller tells them apart by assay_issuer',
    );
  }
}

const MOST_NAMED = 3;
