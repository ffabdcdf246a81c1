import type { RegionFindingKind } from './region-findings.js';

/** Paragraphs of the runbook, as links name them. */
const paragraphs: Readonly<Record<RegionFindingKind, string>> = {
  region_unreachable: 'assayregionunreachable',
  region_refuses: 'assayregionunreachable',
  region_not_understood: 'assayregionunreachable',
  region_misnamed: 'a-redis-in-each-region',
  denied_keys_differ: 'assayregiondenialsdiffer',
  region_unwell: 'first-checks',
  region_incomplete: 'assayreplicaunseen',
  issuers_differ: 'assayregionconfigurationsdiffer',
  registrations_differ: 'assayregionconfigurationsdiffer',
  keys_differ: 'assayregionkeysdiffer',
};

/** The paragraph that says more about a finding, as the documents name it. */
export function regionRunbookOf(kind: RegionFindingKind): string {
  return `docs/operations.md#${paragraphs[kind]}`;
}
