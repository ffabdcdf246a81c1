import type { DeniedKeysReport, RegionIssuer, RegionReport } from './region-report.js';

/** What can differ between two regions. A fixed set: it is a label of a metric. */
export const differenceKinds = ['denied_keys', 'keys', 'issuers', 'registrations'] as const;

/** See {@link differenceKinds}. */
export type DifferenceKind = (typeof differenceKinds)[number];

/** What differs between this region and another one, by what both have reported. */
export interface RegionDifferences {
  /** Denied here and not known to be denied there, each as the issuer's id, a space, and the thumbprint. */
  readonly notDeniedThere: readonly string[];
  /** Denied there and not here. */
  readonly notDeniedHere: readonly string[];
  /** Ids of the issuers of which other keys are accepted there. */
  readonly keys: readonly string[];
  /** Ids of the issuers that only one of the two has. */
  readonly issuers: readonly string[];
  /** Ids of the issuers that are registered in another way there. */
  readonly registrations: readonly string[];
  /** How many differences there are. Where denied keys cannot be named, there may be more of them than this says. */
  readonly counts: Readonly<Record<DifferenceKind, number>>;
}

/** Compares two regions. What one of them does not name is not compared; of denied keys the digests still say whether they differ. */
export function differencesOf(own: RegionReport, other: RegionReport): RegionDifferences {
  const notDeniedThere = missingIn(own.deniedKeys, other.deniedKeys);
  const notDeniedHere = missingIn(other.deniedKeys, own.deniedKeys);
  const shared = [...own.issuers].flatMap(([id, here]) => {
    const there = other.issuers.get(id);
    return there ? [{ id, here, there }] : [];
  });
  const keys = shared.filter(({ here, there }) => areOtherKeys(here, there)).map(({ id }) => id);
  const registrations = shared.filter(({ here, there }) => here.registration !== there.registration);
  const issuers = [...onlyIn(own, other), ...onlyIn(other, own)];
  const named = notDeniedThere.length + notDeniedHere.length;
  return {
    notDeniedThere,
    notDeniedHere,
    keys,
    issuers,
    registrations: registrations.map(({ id }) => id),
    counts: {
      denied_keys: own.deniedKeys.digest === other.deniedKeys.digest ? 0 : Math.max(named, 1),
      keys: keys.length,
      issuers: issuers.length,
      registrations: registrations.length,
    },
  };
}

/** Where one of the two cannot name its denied keys, nothing can be said of single ones. */
function missingIn(one: DeniedKeysReport, other: DeniedKeysReport): readonly string[] {
  const { keys } = other;
  return one.keys && keys ? [...one.keys].filter((each) => !keys.has(each)) : [];
}

/** Keys are compared where both regions accept them. That replicas of one region differ from each other is a finding of that region. */
function areOtherKeys(here: RegionIssuer, there: RegionIssuer): boolean {
  const isComparable = [here, there].every(
    ({ state, isDiffering }) => state !== 'COLD' && state !== 'EXPIRED' && !isDiffering,
  );
  return isComparable && here.digest !== there.digest;
}

/** Issuers of `one` that `other` does not have, as far as `other` names all that it has. */
function onlyIn(one: RegionReport, other: RegionReport): readonly string[] {
  return other.moreIssuers === 0 ? [...one.issuers.keys()].filter((id) => !other.issuers.has(id)) : [];
}
