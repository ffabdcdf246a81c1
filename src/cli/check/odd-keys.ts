import { reportsOf, type EntryReport, type KeySetAccount } from '../../keys/source/key-set-account.js';
import { maskText } from '../../telemetry/mask.js';
import { doubtVerdicts, dropVerdicts, type KeyVerdict } from '../key-verdicts.js';

/** What is odd about the keys of a set, and what to do about it. */
export interface OddKeys {
  /** Phrases, with the names of some keys. */
  readonly found: readonly string[];
  /** Absent where nothing has to be done: a set may have keys for other purposes. */
  readonly remedy?: string;
}

/** Says what of a published set is not used, or used with a doubt; what sound sets have as well is left out where others are there. */
export function oddKeys(account: KeySetAccount): OddKeys {
  const { dropped, doubted } = reportsOf(account);
  const all = [
    ...dropped.map((report) => ({ report, verdict: dropVerdicts[report.reason as keyof typeof dropVerdicts] })),
    ...doubted.map((report) => ({ report, verdict: doubtVerdicts[report.reason as keyof typeof doubtVerdicts] })),
  ];
  const alarming = all.filter(({ verdict }) => !verdict.isUsual);
  const shown = alarming.length > 0 ? alarming : all;
  const remedies = new Set(alarming.map(({ verdict }) => verdict.remedy));
  return {
    found: shown.map(({ report, verdict }) => phraseOf(report, verdict)),
    ...(remedies.size > 0 && { remedy: [...remedies].join('; ') }),
  };
}

function phraseOf({ count, kids }: EntryReport, { says }: KeyVerdict): string {
  const names = kids.length === 0 ? '' : ` (${kids.map((kid) => JSON.stringify(maskText(kid))).join(', ')})`;
  return `${count} × ${says}${names}`;
}
