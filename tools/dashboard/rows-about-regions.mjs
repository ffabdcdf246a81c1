// The row about regions that each have a Redis of their own, as the replicas of this one see the others.
import { max, region } from './queries.mjs';

const seenFrom = (of) => max('region, peer', of);

export const regionRow = [
  {
    title: 'Other regions that report',
    says: '0: its keys and denials are not known here. Empty where admin.regions names no other region.',
    unit: 'short',
    w: 12,
    min: 0,
    max: 1,
    queries: [[seenFrom(`assay_region_reachable{${region}}`), '{{peer}} as seen from {{region}}']],
  },
  {
    title: 'Age of the latest report of each region',
    unit: 's',
    w: 12,
    min: 0,
    queries: [[seenFrom(`assay_region_report_age_seconds{${region}}`), '{{peer}} as seen from {{region}}']],
  },
  {
    title: 'In what regions differ',
    says: 'By the latest reports: denied keys, accepted keys, issuers, registrations. 0: in nothing.',
    unit: 'short',
    w: 12,
    min: 0,
    queries: [[max('region, peer, what', `assay_region_differences{${region}}`), '{{what}}: {{region}} and {{peer}}']],
  },
  {
    title: 'Key sets that differ between all that are scraped',
    says: 'More than 1: replicas accept different keys of the issuer, in one region or in several.',
    unit: 'short',
    w: 12,
    min: 0,
    queries: [
      [`count by (issuer) (count_values by (issuer) ("digest", assay_jwks_set_digest{${region}}))`, '{{issuer}}'],
    ],
  },
];
