import type { DeniedKeysReport, RegionIssuer, RegionReport } from './region-report.js';

/** In what two regions can differ. A fixed set, for a metric's label. */
export const differenceKinds = ['denied_keys', 'keys', 'issuers', 'registrations'] as const;

/** See {@link differenceKinds}. */
export type DifferenceKind = (typeof differenceKinds)[number];

/** In what another region differs from this one, by what both have reported. */
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
  /** How many differences there are; of denied keys that cannot be named, at least so many. */
  readonly counts: Readonly<Record<DifferenceKind, number>>;
}

/** Compares two regions. What one of them cannot name is not compared, but for denied keys, whose digests say whether they differ. */
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

/** Of keys that are not accepted nobody would notice; replicas of one region that differ are a finding of that region. */
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
